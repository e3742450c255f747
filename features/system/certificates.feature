Feature: Interface: certificates in messages
  Whether certificates are written as published and taken up to the length that the editions of ISO 15118
  allow.

  Rule: A certificate is the base64 of its DER, in one line [certificateChain.v1.json#/properties/certificate; ERR-033]

    @SYS-DATA-01
    Scenario Outline: The certificates of an answer
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then every certificate in the answer is DER in base64 without line breaks

      Examples:
        # table: answers_with_certificates
        | operation                    | party             |
        | getRootCertificateV1         | oem               |
        | getRootCertificatesV1        | oem               |
        | getProvisioningCertificateV1 | oem               |
        | getCpsCertificatesV1         | oem               |
        | getContractDataByEmaidV1     | emsp with own pki |
        | getContractDataByPcidV1      | oem               |

  Rule: Certificates are accepted up to the size that ISO 15118 allows [certificateChain.v1.json#/properties/certificate/maxLength; ERR-030]

    @SYS-DATA-02 @needs.admin @mutates
    Scenario: A root within every limit
      When the administrator registers a root of 600 bytes
      And a party lists the root certificates afterwards
      Then the answer is 200
      And the pool lists that root with types "v2g"

    @SYS-DATA-02 @needs.admin @mutates
    Scenario Outline: A root of ISO 15118-2
      When the administrator registers a root of <size> bytes
      And a party lists the root certificates afterwards
      Then that root is listed, or refused as ERR-030 allows

      Examples:
        | size |
        | 700  |
        | 800  |

    @SYS-DATA-02 @mutates
    Scenario Outline: A provisioning certificate of ISO 15118-2
      Given a vehicle of the OEM whose certificate has <size> bytes
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then that vehicle is stored, or refused as ERR-030 allows

      Examples:
        | size |
        | 700  |
        | 800  |

    @SYS-DATA-03 @needs.admin @mutates
    Scenario Outline: A root of ISO 15118-20
      When the administrator registers a root of <size> bytes
      And a party lists the root certificates afterwards
      Then that root is listed, or refused as ERR-030 allows

      Examples:
        | size |
        | 1200 |
        | 1600 |

    @SYS-DATA-03 @mutates
    Scenario Outline: A provisioning certificate of ISO 15118-20
      Given a vehicle of the OEM with secp521r1 keys whose certificate has <size> bytes
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then that vehicle is stored, or refused as ERR-030 allows

      Examples:
        | size |
        | 1200 |
        | 1600 |
