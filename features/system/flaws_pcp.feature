@mutates
Feature: Interface: requests to the PCP with one flaw
  Whether each operation of the Provisioning Certificate Pool refuses a request in which one member,
  parameter or header is missing or wrong.

  Rule: What must be there is refused where it is not right [provisioningCertificateChainData.v1.json#/required]

    Scenario Outline: A flaw in what must be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request is refused with 400

      Examples:
        # table: flaws_refused of pcp
        | requirement   | operation                       | party | place                                          | flaw                             |
        | PCP-PUT-11    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain                   | missing                          |
        | PCP-PUT-11    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain                   | null                             |
        | PCP-PUT-11    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain                   | a text                           |
        | PCP-PUT-08    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.certificate       | missing                          |
        | PCP-PUT-08    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.certificate       | null                             |
        | PCP-PUT-08    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.certificate       | a number                         |
        | PCP-PUT-08    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.certificate       | too long                         |
        | PCP-PUT-08    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.certificate       | of another form                  |
        | PCP-PUT-10    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.subCa1Certificate | a number                         |
        | PCP-PUT-10    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.subCa1Certificate | too long                         |
        | PCP-PUT-10    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.subCa1Certificate | of another form                  |
        | PCP-PUT-09    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.subCa2Certificate | a number                         |
        | PCP-PUT-09    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.subCa2Certificate | too long                         |
        | PCP-PUT-09    | addProvisioningCertificateV1    | oem   | provisioningCertificateChain.subCa2Certificate | of another form                  |
        | PCP-PUT-05    | addProvisioningCertificateV1    | oem   | v2gRootAuthorityKeyIdentifiers                 | an empty list                    |
        | PCP-PUT-05    | addProvisioningCertificateV1    | oem   | v2gRootAuthorityKeyIdentifiers                 | a list that says one thing twice |
        | PCP-PUT-06    | addProvisioningCertificateV1    | oem   | previousPcid                                   | a number                         |
        | PCP-PUT-06    | addProvisioningCertificateV1    | oem   | previousPcid                                   | empty                            |
        | PCP-PUT-06    | addProvisioningCertificateV1    | oem   | previousPcid                                   | too short                        |
        | PCP-PUT-06    | addProvisioningCertificateV1    | oem   | previousPcid                                   | too long                         |
        | PCP-PUT-06    | addProvisioningCertificateV1    | oem   | previousPcid                                   | of another form                  |
        | PCP-DEL-03    | deleteProvisioningCertificateV1 | oem   | pcid                                           | too short                        |
        | PCP-DEL-03    | deleteProvisioningCertificateV1 | oem   | pcid                                           | too long                         |
        | PCP-DEL-03    | deleteProvisioningCertificateV1 | oem   | pcid                                           | of another form                  |
        | PCP-GET-04    | getProvisioningCertificateV1    | oem   | pcid                                           | too short                        |
        | PCP-GET-04    | getProvisioningCertificateV1    | oem   | pcid                                           | too long                         |
        | PCP-GET-04    | getProvisioningCertificateV1    | oem   | pcid                                           | of another form                  |
        | PCP-LOOKUP-03 | lookupVehicleV1                 | oem   | pcid                                           | too short                        |
        | PCP-LOOKUP-03 | lookupVehicleV1                 | oem   | pcid                                           | too long                         |
        | PCP-LOOKUP-03 | lookupVehicleV1                 | oem   | pcid                                           | of another form                  |

  Rule: What need not be there is refused as well where it is not right [components/schemas; components/parameters]

    Scenario Outline: A flaw in what need not be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request should be refused with 400

      Examples:
        # table: flaws_noted of pcp
        | requirement   | operation                    | party | place                                          | flaw                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | provisioningCertificateChain.subCa1Certificate | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | provisioningCertificateChain.subCa2Certificate | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | xsdMsgDefNamespace                             | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | xsdMsgDefNamespace                             | a number               |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | xsdMsgDefNamespace                             | empty                  |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | xsdMsgDefNamespace                             | outside the vocabulary |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | rootIssuerSerialNumber                         | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | rootIssuerSerialNumber                         | a number               |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | v2gRootAuthorityKeyIdentifiers                 | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | v2gRootAuthorityKeyIdentifiers                 | a number               |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | rootAuthorityKeyIdentifier                     | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | rootAuthorityKeyIdentifier                     | a number               |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | fingerprint                                    | null                   |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | fingerprint                                    | a number               |
        | SYS-SCHEMA-02 | addProvisioningCertificateV1 | oem   | previousPcid                                   | null                   |
        | SYS-SCHEMA-02 | getProvisioningCertificateV1 | oem   | broadcast                                      | a text                 |
