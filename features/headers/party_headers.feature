Feature: OPNC headers: the parties of a request
  Whether the OPNC-from and OPNC-to headers are optional, which values of them are refused, and whether they
  ever give a right.

  Rule: Whether a request names its parties makes no difference, if it names them truly [opncFromPartyType.v1.json; opncFromPartyId.v1.json; ERR-154]

    @mutates
    Scenario Outline: A request without and with the party headers
      Given two valid requests of <operation> about something of the <party>
      When the <party> makes the first without and the second with the party headers
      Then both are served alike

      Examples:
        # table: party_headers
        | requirement                                 | operation                                           | party             |
        | HDR-RCP-getRootCertificate                  | getRootCertificateV1                                | oem               |
        | HDR-RCP-getRootCertificates                 | getRootCertificatesV1                               | oem               |
        | HDR-PCP-addProvisioningCertificate          | addProvisioningCertificateV1                        | oem               |
        | HDR-PCP-getProvisioningCertificate          | getProvisioningCertificateV1                        | oem               |
        | HDR-PCP-deleteProvisioningCertificate       | deleteProvisioningCertificateV1                     | oem               |
        | HDR-PCP-lookupVehicle                       | lookupVehicleV1                                     | oem               |
        | HDR-CPS-signContractData                    | signContractDataV1                                  | emsp with own pki |
        | HDR-CPS-generateAndSignContractData         | generateAndSignContractDataV1                       | emsp              |
        | HDR-CPS-getCpsCertificates                  | getCpsCertificatesV1                                | oem               |
        | HDR-CCP-getByCIR                            | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | HDR-CCP-addSignedContractData               | addSignedContractDataV1                             | emsp with own pki |
        | HDR-CCP-deleteSignedContractDataByEmaid     | deleteSignedContractDataByEmaidV1                   | emsp with own pki |
        | HDR-CCP-getContractDataByEmaid              | getContractDataByEmaidV1                            | emsp with own pki |
        | HDR-CCP-getContractDataByPcid               | getContractDataByPcidV1                             | oem               |
        | HDR-CCP-getSignedContractDataByEmaidAndPcid | getSignedContractDataByEmaidAndPcidV1               | oem               |
        | HDR-CCP-setSignedContractDataAsDefault      | setSignedContractDataAsDefaultV1                    | oem               |
        | HDR-PKI-getCaCerts                          | getCaCertsV1 for oem                                | oem               |
        | HDR-PKI-getCaCerts                          | getCaCertsV1 for cpo                                | cpo               |
        | HDR-PKI-getCaCerts                          | getCaCertsV1 for emsp                               | emsp              |
        | HDR-PKI-getCaCerts                          | getCaCertsV1 for cps                                | cps               |
        | HDR-PKI-getCaCerts                          | getCaCertsV1 for veh                                | oem               |
        | HDR-PKI-simpleEnrollCert                    | simpleEnrollCertV1 for oem                          | oem               |
        | HDR-PKI-simpleEnrollCert                    | simpleEnrollCertV1 for cpo                          | cpo               |
        | HDR-PKI-simpleEnrollCert                    | simpleEnrollCertV1 for emsp                         | emsp              |
        | HDR-PKI-simpleEnrollCert                    | simpleEnrollCertV1 for cps                          | cps               |
        | HDR-PKI-simpleEnrollCert                    | simpleEnrollCertV1 for veh                          | oem               |
        | HDR-PKI-revokeCert                          | revokeCertV1                                        | oem               |
        | HDR-EVENT-postEndpoint                      | postEndpointV1                                      | oem               |
        | HDR-EVENT-listEndpoints                     | get-webhook-endpoints                               | oem               |
        | HDR-EVENT-getEndpointById                   | getEndpointByIdV1                                   | oem               |
        | HDR-EVENT-updateEndpointById                | updateEndpointByIdV1                                | oem               |
        | HDR-EVENT-deleteEndpointById                | deleteEndpointByIdV1                                | oem               |

      @needs.admin
      Examples: Operations of the administrator
        # table: party_headers_of_administrator
        | requirement                   | operation               | party         |
        | HDR-RCP-putRootCertificate    | putRootCertificateV1    | administrator |
        | HDR-RCP-deleteRootCertificate | deleteRootCertificateV1 | administrator |

  Rule: The types of parties are those of the list [opncFromPartyType.v1.json#/schema/enum; opncToPartyType.v1.json#/schema/enum]

    @HDR-TYPE-01 @mutates
    Scenario Outline: A type that does not exist
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with "<value>" in <header>
      Then the header is refused or ignored

      Examples:
        # table: header_types
        | operation                                           | party             | header               | value |
        | getRootCertificateV1                                | oem               | OPNC-from-party-type | foo   |
        | getRootCertificateV1                                | oem               | OPNC-to-party-type   | foo   |
        | getRootCertificatesV1                               | oem               | OPNC-from-party-type | foo   |
        | getRootCertificatesV1                               | oem               | OPNC-to-party-type   | foo   |
        | addProvisioningCertificateV1                        | oem               | OPNC-from-party-type | foo   |
        | addProvisioningCertificateV1                        | oem               | OPNC-to-party-type   | foo   |
        | deleteProvisioningCertificateV1                     | oem               | OPNC-from-party-type | foo   |
        | deleteProvisioningCertificateV1                     | oem               | OPNC-to-party-type   | foo   |
        | getProvisioningCertificateV1                        | oem               | OPNC-from-party-type | foo   |
        | getProvisioningCertificateV1                        | oem               | OPNC-to-party-type   | foo   |
        | lookupVehicleV1                                     | oem               | OPNC-from-party-type | foo   |
        | lookupVehicleV1                                     | oem               | OPNC-to-party-type   | foo   |
        | getCpsCertificatesV1                                | oem               | OPNC-from-party-type | foo   |
        | getCpsCertificatesV1                                | oem               | OPNC-to-party-type   | foo   |
        | signContractDataV1                                  | emsp with own pki | OPNC-from-party-type | foo   |
        | signContractDataV1                                  | emsp with own pki | OPNC-to-party-type   | foo   |
        | generateAndSignContractDataV1                       | emsp              | OPNC-from-party-type | foo   |
        | generateAndSignContractDataV1                       | emsp              | OPNC-to-party-type   | foo   |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | OPNC-from-party-type | foo   |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | OPNC-to-party-type   | foo   |
        | deleteSignedContractDataByEmaidV1                   | emsp with own pki | OPNC-from-party-type | foo   |
        | deleteSignedContractDataByEmaidV1                   | emsp with own pki | OPNC-to-party-type   | foo   |
        | getContractDataByEmaidV1                            | emsp with own pki | OPNC-from-party-type | foo   |
        | getContractDataByEmaidV1                            | emsp with own pki | OPNC-to-party-type   | foo   |
        | getContractDataByPcidV1                             | oem               | OPNC-from-party-type | foo   |
        | getContractDataByPcidV1                             | oem               | OPNC-to-party-type   | foo   |
        | getSignedContractDataByEmaidAndPcidV1               | oem               | OPNC-from-party-type | foo   |
        | getSignedContractDataByEmaidAndPcidV1               | oem               | OPNC-to-party-type   | foo   |
        | addSignedContractDataV1                             | emsp with own pki | OPNC-from-party-type | foo   |
        | addSignedContractDataV1                             | emsp with own pki | OPNC-to-party-type   | foo   |
        | setSignedContractDataAsDefaultV1                    | oem               | OPNC-from-party-type | foo   |
        | setSignedContractDataAsDefaultV1                    | oem               | OPNC-to-party-type   | foo   |
        | simpleEnrollCertV1 for oem                          | oem               | OPNC-from-party-type | foo   |
        | simpleEnrollCertV1 for oem                          | oem               | OPNC-to-party-type   | foo   |
        | getCaCertsV1 for oem                                | oem               | OPNC-from-party-type | foo   |
        | getCaCertsV1 for oem                                | oem               | OPNC-to-party-type   | foo   |
        | get-webhook-endpoints                               | oem               | OPNC-from-party-type | foo   |
        | get-webhook-endpoints                               | oem               | OPNC-to-party-type   | foo   |
        | getEndpointByIdV1                                   | oem               | OPNC-from-party-type | foo   |
        | getEndpointByIdV1                                   | oem               | OPNC-to-party-type   | foo   |
        | postEndpointV1                                      | oem               | OPNC-from-party-type | foo   |
        | postEndpointV1                                      | oem               | OPNC-to-party-type   | foo   |
        | updateEndpointByIdV1                                | oem               | OPNC-from-party-type | foo   |
        | updateEndpointByIdV1                                | oem               | OPNC-to-party-type   | foo   |
        | deleteEndpointByIdV1                                | oem               | OPNC-from-party-type | foo   |
        | deleteEndpointByIdV1                                | oem               | OPNC-to-party-type   | foo   |

    @HDR-TYPE-01
    Scenario Outline: A type that is there twice
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with <header> twice, as "<one>" and "<other>"
      Then the header is refused or ignored

      Examples:
        | operation                    | party | header               | one | other |
        | getProvisioningCertificateV1 | oem   | OPNC-from-party-type | oem | oem   |
        | getProvisioningCertificateV1 | oem   | OPNC-from-party-type | oem | emsp  |
        | getCpsCertificatesV1         | oem   | OPNC-to-party-type   | cps | pcp   |

  Rule: A party is called as its type has it [opncFromPartyId.v1.json#/description; opncToPartyId.v1.json#/description]

    Scenario Outline: An id of its kind
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request <way> the <type> called <name>
      Then the request is served

      Examples:
        | requirement | operation                    | party | way  | type | name                           |
        | HDR-ID-01   | getProvisioningCertificateV1 | oem   | from | oem  | by its WMI                     |
        | HDR-ID-02   | getContractDataByEmaidV1     | emsp  | from | emsp | by its provider id             |
        | HDR-ID-03   | getCaCertsV1 for cpo         | cpo   | from | cpo  | by its operator id             |
        | HDR-ID-04   | getCaCertsV1 for oem         | oem   | for  | pki  | by the fingerprint of the root |
        | HDR-ID-05   | getCpsCertificatesV1         | cps   | from | cps  | by the fingerprint of the root |
        | HDR-ID-05   | getCpsCertificatesV1         | oem   | for  | cps  | by the fingerprint of the root |

    Scenario Outline: An id of another kind
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request <way> the <type> called <name>
      Then the header is refused or ignored

      Examples:
        | requirement | operation                    | party | way  | type | name    |
        | HDR-ID-01   | getProvisioningCertificateV1 | oem   | from | oem  | "DEABC" |
        | HDR-ID-02   | getContractDataByEmaidV1     | emsp  | from | emsp | "WDB"   |
        | HDR-ID-03   | getCaCertsV1 for cpo         | cpo   | from | cpo  | "WDB"   |
        | HDR-ID-04   | getCaCertsV1 for oem         | oem   | for  | pki  | "DEABC" |
        | HDR-ID-05   | getCpsCertificatesV1         | cps   | from | cps  | "WDB"   |

  Rule: What is for another service is not taken for one's own [opncToPartyType.v1.json#/description; opncToPartyId.v1.json#/description]

    @HDR-TO-01
    Scenario Outline: A service that nobody knows
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request for a <type> that nobody knows
      Then it is forwarded or refused, or noted as served in its place

      Examples:
        | operation                    | party | type |
        | getProvisioningCertificateV1 | oem   | pcp  |
        | getCpsCertificatesV1         | oem   | cps  |
        | getContractDataByEmaidV1     | emsp  | ccp  |

  Rule: Header names are the same in any letter case [opncFromPartyType.v1.json#/name]

    Scenario Outline: A name in another letter case
      Given two valid requests of <operation> about something of the <party>
      When the <party> makes them with "<value>" in <header> and in <other spelling>
      Then both are answered alike

      Examples:
        # table: header_names
        | requirement | operation                    | party             | header               | other spelling       | value |
        | HDR-TYPE-02 | getRootCertificateV1         | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | oem   |
        | HDR-TYPE-02 | getRootCertificateV1         | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | foo   |
        | HDR-TYPE-02 | getProvisioningCertificateV1 | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | oem   |
        | HDR-TYPE-02 | getProvisioningCertificateV1 | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | foo   |
        | HDR-TYPE-02 | getCpsCertificatesV1         | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | oem   |
        | HDR-TYPE-02 | getCpsCertificatesV1         | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | foo   |
        | HDR-TYPE-02 | getContractDataByEmaidV1     | emsp with own pki | OPNC-from-party-type | opnc-FROM-party-TYPE | oem   |
        | HDR-TYPE-02 | getContractDataByEmaidV1     | emsp with own pki | OPNC-from-party-type | opnc-FROM-party-TYPE | foo   |
        | HDR-TYPE-02 | getCaCertsV1 for oem         | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | oem   |
        | HDR-TYPE-02 | getCaCertsV1 for oem         | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | foo   |
        | HDR-TYPE-02 | get-webhook-endpoints        | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | oem   |
        | HDR-TYPE-02 | get-webhook-endpoints        | oem               | OPNC-from-party-type | opnc-FROM-party-TYPE | foo   |

  Rule: Whoever claims to be somebody else has no more rights than before [ERR-154; 04_authentication.md § Roles&Rights]

    @HDR-FROM-02 @mutates
    Scenario Outline: A request in the name of somebody else
      Given a valid request of <operation> about something of the <owner>
      And the state of its service
      When the <party> makes that request in the name of the <owner>
      And the service is looked at again
      Then the request is refused, for it is about something of another
      And its state is unchanged

      Examples:
        | operation                         | owner | party      |
        | deleteEndpointByIdV1              | oem   | other oem  |
        | updateEndpointByIdV1              | oem   | other oem  |
        | getEndpointByIdV1                 | oem   | other oem  |
        | addProvisioningCertificateV1      | oem   | other oem  |
        | deleteProvisioningCertificateV1   | oem   | other oem  |
        | getContractDataByPcidV1           | oem   | other oem  |
        | setSignedContractDataAsDefaultV1  | oem   | other oem  |
        | getContractDataByEmaidV1          | emsp  | other emsp |
        | deleteSignedContractDataByEmaidV1 | emsp  | other emsp |
        | simpleEnrollCertV1 for cpo        | cpo   | other cpo  |

      @needs.admin
      Examples: Operations of the administrator
        | operation               | owner         | party |
        | putRootCertificateV1    | administrator | oem   |
        | deleteRootCertificateV1 | administrator | oem   |
