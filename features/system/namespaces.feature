@mutates
Feature: The names of the editions of ISO 15118

  Rule: ISO 15118-2 has the same name in every operation

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

  Rule: ISO 15118-20 has the same name in every operation

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

  Rule: In events ISO 15118-20 has a name of its own

    @SYS-NS-03 @needs.receiver
    Scenario: An event about ISO 15118-20
      Given a valid request of generateAndSignContractDataV1 in ISO 15118-20 about something of the emsp
      And the OEM is subscribed to "oem.contract.created"
      When the emsp makes that request
      And every subscriber has received something
      Then the request is served
      And every event names ISO 15118-20
