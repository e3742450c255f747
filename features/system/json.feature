@mutates
Feature: Interface: JSON bodies
  Whether services demand and write JSON with the published names and date format, and ignore members that
  they do not know.

  Rule: Bodies are JSON and say so [cps.api.v1.contractDataSign.json#/put/requestBody; pcp.api.v1.provisioningCertificates.json#/put/requestBody]

    @SYS-JSON-01
    Scenario Outline: A body that is called something else
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a body called "text/plain"
      Then the answer is 415 or 400

      Examples:
        # table: json_requests
        | operation                                           | party             |
        | putRootCertificateV1                                | administrator     |
        | addProvisioningCertificateV1                        | oem               |
        | signContractDataV1                                  | emsp with own pki |
        | generateAndSignContractDataV1                       | emsp              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | addSignedContractDataV1                             | emsp with own pki |
        | revokeCertV1                                        | oem               |
        | postEndpointV1                                      | oem               |
        | updateEndpointByIdV1                                | oem               |

    @SYS-JSON-01
    Scenario Outline: A body that is called JSON in another way
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a body called "<media type>"
      Then the request is served

      Examples:
        # table: json_media_types
        | operation                                           | party             | media type                      |
        | putRootCertificateV1                                | administrator     | application/json; charset=utf-8 |
        | putRootCertificateV1                                | administrator     | Application/JSON                |
        | addProvisioningCertificateV1                        | oem               | application/json; charset=utf-8 |
        | addProvisioningCertificateV1                        | oem               | Application/JSON                |
        | signContractDataV1                                  | emsp with own pki | application/json; charset=utf-8 |
        | signContractDataV1                                  | emsp with own pki | Application/JSON                |
        | generateAndSignContractDataV1                       | emsp              | application/json; charset=utf-8 |
        | generateAndSignContractDataV1                       | emsp              | Application/JSON                |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | application/json; charset=utf-8 |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | Application/JSON                |
        | addSignedContractDataV1                             | emsp with own pki | application/json; charset=utf-8 |
        | addSignedContractDataV1                             | emsp with own pki | Application/JSON                |
        | revokeCertV1                                        | oem               | application/json; charset=utf-8 |
        | revokeCertV1                                        | oem               | Application/JSON                |
        | postEndpointV1                                      | oem               | application/json; charset=utf-8 |
        | postEndpointV1                                      | oem               | Application/JSON                |
        | updateEndpointByIdV1                                | oem               | application/json; charset=utf-8 |
        | updateEndpointByIdV1                                | oem               | Application/JSON                |

    @SYS-JSON-01
    Scenario Outline: A body in another encoding
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its body in "<encoding>"
      Then it is understood, or refused with 400 or 415

      Examples:
        # table: json_encodings
        | operation                                           | party             | encoding   |
        | putRootCertificateV1                                | administrator     | utf-16     |
        | putRootCertificateV1                                | administrator     | iso-8859-1 |
        | addProvisioningCertificateV1                        | oem               | utf-16     |
        | addProvisioningCertificateV1                        | oem               | iso-8859-1 |
        | signContractDataV1                                  | emsp with own pki | utf-16     |
        | signContractDataV1                                  | emsp with own pki | iso-8859-1 |
        | generateAndSignContractDataV1                       | emsp              | utf-16     |
        | generateAndSignContractDataV1                       | emsp              | iso-8859-1 |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | utf-16     |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | iso-8859-1 |
        | addSignedContractDataV1                             | emsp with own pki | utf-16     |
        | addSignedContractDataV1                             | emsp with own pki | iso-8859-1 |
        | revokeCertV1                                        | oem               | utf-16     |
        | revokeCertV1                                        | oem               | iso-8859-1 |
        | postEndpointV1                                      | oem               | utf-16     |
        | postEndpointV1                                      | oem               | iso-8859-1 |
        | updateEndpointByIdV1                                | oem               | utf-16     |
        | updateEndpointByIdV1                                | oem               | iso-8859-1 |

  Rule: A client may say what it understands [ERR-174]

    @SYS-ERR-03
    Scenario Outline: A client that understands everything
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, accepting "*/*"
      Then the request is served

      Examples:
        # table: representatives
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | getCaCertsV1 for cpo    | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |

    @SYS-ERR-03
    Scenario Outline: A client that understands nothing of it
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, accepting "image/png"
      Then it is served all the same, or refused with 406

      Examples:
        # table: representatives
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | getCaCertsV1 for cpo    | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |

  Rule: What is not known is ignored [00_versioning.md § Interface version]

    @SYS-JSON-02
    Scenario Outline: An unknown member
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a member that nobody knows
      Then the request is served

      Examples:
        # table: json_requests
        | operation                                           | party             |
        | putRootCertificateV1                                | administrator     |
        | addProvisioningCertificateV1                        | oem               |
        | signContractDataV1                                  | emsp with own pki |
        | generateAndSignContractDataV1                       | emsp              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | addSignedContractDataV1                             | emsp with own pki |
        | revokeCertV1                                        | oem               |
        | postEndpointV1                                      | oem               |
        | updateEndpointByIdV1                                | oem               |

  Rule: Members are spelled as published [01_abbreviations.md § Usage of abbreviations…]

    @SYS-JSON-03
    Scenario Outline: Another spelling of a member
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with <member> spelled <spelling>
      Then the request is refused with 400

      Examples:
        # table: misspelled_members
        | operation                                           | party             | member                                                         | spelling                             |
        | putRootCertificateV1                                | administrator     | caCertificate                                                  | cacertificate                        |
        | addProvisioningCertificateV1                        | oem               | provisioningCertificateChain                                   | provisioningcertificatechain         |
        | addProvisioningCertificateV1                        | oem               | provisioningCertificateChain.certificate                       | Certificate                          |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle                                      | contractcertificatebundle            |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle.emaid                                | Emaid                                |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle.contractCertificateChain             | contractcertificatechain             |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle.contractCertificateChain.certificate | Certificate                          |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle.contractSignatureEncryptedPrivateKey | contractsignatureencryptedprivatekey |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle.dHpublickey                          | dhpublickey                          |
        | signContractDataV1                                  | emsp with own pki | xsdMsgDefNamespace                                             | xsdmsgdefnamespace                   |
        | generateAndSignContractDataV1                       | emsp              | contractBegins                                                 | contractbegins                       |
        | generateAndSignContractDataV1                       | emsp              | contractEnds                                                   | contractends                         |
        | generateAndSignContractDataV1                       | emsp              | emaid                                                          | Emaid                                |
        | generateAndSignContractDataV1                       | emsp              | pcid                                                           | Pcid                                 |
        | generateAndSignContractDataV1                       | emsp              | xsdMsgDefNamespace                                             | xsdmsgdefnamespace                   |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | certificateInstallationReq                                     | certificateinstallationreq           |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | xsdMsgDefNamespace                                             | xsdmsgdefnamespace                   |
        | addSignedContractDataV1                             | emsp with own pki | certificateInstallationRes                                     | certificateinstallationres           |
        | addSignedContractDataV1                             | emsp with own pki | emaid                                                          | Emaid                                |
        | addSignedContractDataV1                             | emsp with own pki | pcid                                                           | Pcid                                 |
        | addSignedContractDataV1                             | emsp with own pki | xsdMsgDefNamespace                                             | xsdmsgdefnamespace                   |
        | revokeCertV1                                        | oem               | certificate                                                    | Certificate                          |
        | revokeCertV1                                        | oem               | revocationReason                                               | revocationreason                     |
        | postEndpointV1                                      | oem               | enabledEvents                                                  | enabledevents                        |
        | postEndpointV1                                      | oem               | url                                                            | Url                                  |
        | updateEndpointByIdV1                                | oem               | url                                                            | Url                                  |

  Rule: Dates are those of RFC 3339 [rootCertificate.v1.json#/properties/validFrom/format; ERR-066]

    @SYS-JSON-04
    Scenario Outline: The dates of an answer
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then every date in the answer is one of RFC 3339

      Examples:
        # table: answers_with_dates
        | operation                | party             |
        | getRootCertificateV1     | oem               |
        | getRootCertificatesV1    | oem               |
        | getCpsCertificatesV1     | oem               |
        | getContractDataByEmaidV1 | emsp with own pki |
        | getContractDataByPcidV1  | oem               |
