@mutates
Feature: Interface: namespaces of the editions of ISO 15118
  Whether every operation and event calls an edition of ISO 15118 by its published namespace.

  Rule: ISO 15118-2 has the same name in every operation [xsdMsgDefNamespaceParam.v1.json#/enum]

    @SYS-NS-01
    Scenario Outline: ISO 15118-2
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with the namespace "urn:iso:15118:2:2013:MsgDef"
      Then the request is served

      Examples:
        # table: namespaced_requests
        | operation                                           | party             |
        | addProvisioningCertificateV1                        | oem               |
        | signContractDataV1                                  | emsp with own pki |
        | generateAndSignContractDataV1                       | emsp              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | getContractDataByEmaidV1                            | emsp with own pki |
        | getContractDataByPcidV1                             | oem               |
        | getSignedContractDataByEmaidAndPcidV1               | oem               |
        | addSignedContractDataV1                             | emsp with own pki |

  Rule: ISO 15118-20 has the same name in every operation [xsdMsgDefNamespaceParam.v1.json#/enum]

    @SYS-NS-02
    Scenario Outline: ISO 15118-20
      Given a valid request of <operation> in ISO 15118-20 about something of the <party>
      When the <party> makes that request with the namespace "urn:iso:15118:20:2020:MsgDef"
      Then the request is served

      Examples:
        # table: namespaced_requests
        | operation                                           | party             |
        | addProvisioningCertificateV1                        | oem               |
        | signContractDataV1                                  | emsp with own pki |
        | generateAndSignContractDataV1                       | emsp              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | getContractDataByEmaidV1                            | emsp with own pki |
        | getContractDataByPcidV1                             | oem               |
        | getSignedContractDataByEmaidAndPcidV1               | oem               |
        | addSignedContractDataV1                             | emsp with own pki |

    @SYS-NS-02
    Scenario Outline: ISO 15118-20 by the name of its own messages
      Given a valid request of <operation> in ISO 15118-20 about something of the <party>
      When the <party> makes that request with the namespace "urn:iso:std:iso:15118:-20:CommonMessages"
      Then the request is served, or refused as ERR-085 allows

      Examples:
        # table: namespaced_requests
        | operation                                           | party             |
        | addProvisioningCertificateV1                        | oem               |
        | signContractDataV1                                  | emsp with own pki |
        | generateAndSignContractDataV1                       | emsp              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | getContractDataByEmaidV1                            | emsp with own pki |
        | getContractDataByPcidV1                             | oem               |
        | getSignedContractDataByEmaidAndPcidV1               | oem               |
        | addSignedContractDataV1                             | emsp with own pki |

  Rule: In events ISO 15118-20 has a name of its own [ERR-085]

    @SYS-NS-03 @needs.receiver
    Scenario: An event about ISO 15118-20
      Given a valid request of generateAndSignContractDataV1 in ISO 15118-20 about something of the emsp
      And the OEM is subscribed to "oem.contract.created"
      When the emsp makes that request
      And every subscriber has received something
      Then the request is served
      And every event names ISO 15118-20
