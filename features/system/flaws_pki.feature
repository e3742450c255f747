@mutates
Feature: Interface: requests to the PKI services with one flaw
  Whether enrolment, CA certificates and revocation refuse a request in which one member, parameter or
  header is missing or wrong.

  Rule: What must be there is refused where it is not right [revokeCertificateReq.v1.json; caDomainParam.json; iso15118VersionParam.json]

    Scenario Outline: A flaw in what must be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request is refused for its content

      Examples:
        # table: flaws_refused of pki
        | requirement    | operation                  | party | place            | flaw                   |
        | PKI-ENROLL-13  | simpleEnrollCertV1 for oem | oem   | caDomain         | missing                |
        | PKI-ENROLL-13  | simpleEnrollCertV1 for oem | oem   | caDomain         | outside the vocabulary |
        | PKI-CACERTS-08 | getCaCertsV1 for oem       | oem   | caDomain         | missing                |
        | PKI-CACERTS-09 | getCaCertsV1 for oem       | oem   | caDomain         | outside the vocabulary |
        | PKI-CACERTS-12 | getCaCertsV1 for oem       | oem   | iso15118Version  | outside the vocabulary |
        | PKI-REVOKE-13  | revokeCertV1               | oem   | certificate      | missing                |
        | PKI-REVOKE-15  | revokeCertV1               | oem   | certificate      | null                   |
        | PKI-REVOKE-15  | revokeCertV1               | oem   | certificate      | a number               |
        | PKI-REVOKE-15  | revokeCertV1               | oem   | certificate      | too long               |
        | PKI-REVOKE-15  | revokeCertV1               | oem   | certificate      | of another form        |
        | PKI-REVOKE-14  | revokeCertV1               | oem   | revocationReason | missing                |
        | PKI-REVOKE-12  | revokeCertV1               | oem   | revocationReason | null                   |
        | PKI-REVOKE-12  | revokeCertV1               | oem   | revocationReason | a number               |
        | PKI-REVOKE-12  | revokeCertV1               | oem   | revocationReason | empty                  |
        | PKI-REVOKE-12  | revokeCertV1               | oem   | revocationReason | outside the vocabulary |

  Rule: What need not be there is refused as well where it is not right [components/schemas; components/parameters]

    Scenario Outline: A flaw in what need not be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request should be refused with 400

      Examples:
        # table: flaws_noted of pki
        | requirement   | operation                  | party | place           | flaw                   |
        | SYS-SCHEMA-02 | simpleEnrollCertV1 for oem | oem   | iso15118Version | outside the vocabulary |
        | SYS-SCHEMA-02 | simpleEnrollCertV1 for oem | oem   | algorithm       | outside the vocabulary |
        | SYS-SCHEMA-02 | getCaCertsV1 for oem       | oem   | algorithm       | outside the vocabulary |
