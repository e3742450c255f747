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
