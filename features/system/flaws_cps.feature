@mutates
Feature: Interface: requests to the CPS with one flaw
  Whether each operation of the Certificate Provisioning Service refuses a request in which one member,
  parameter or header is missing or wrong.

  Rule: What must be there is refused where it is not right [contractCertificateBundle.v1.json; generateAndSignContractDataReq.v1.json]

    Scenario Outline: A flaw in what must be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request is refused with 400

      Examples:
        # table: flaws_refused of cps
        | requirement   | operation                     | party             | place                                                          | flaw                   |
        | CPS-SIGN-12   | signContractDataV1            | emsp with own pki | contractCertificateBundle                                      | missing                |
        | CPS-SIGN-12   | signContractDataV1            | emsp with own pki | contractCertificateBundle                                      | null                   |
        | CPS-SIGN-12   | signContractDataV1            | emsp with own pki | contractCertificateBundle                                      | a text                 |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.pcid                                 | null                   |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.pcid                                 | a number               |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.pcid                                 | empty                  |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.pcid                                 | too short              |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.pcid                                 | too long               |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.pcid                                 | of another form        |
        | CPS-SIGN-15   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | missing                |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | null                   |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | a number               |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | empty                  |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | too short              |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | too long               |
        | CPS-SIGN-20   | signContractDataV1            | emsp with own pki | contractCertificateBundle.emaid                                | of another form        |
        | CPS-SIGN-16   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain             | missing                |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain             | null                   |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain             | a text                 |
        | CPS-SIGN-21   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.certificate | missing                |
        | CPS-SIGN-21   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.certificate | null                   |
        | CPS-SIGN-21   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.certificate | a number               |
        | CPS-SIGN-21   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.certificate | too long               |
        | CPS-SIGN-21   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.certificate | of another form        |
        | CPS-SIGN-17   | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractSignatureEncryptedPrivateKey | missing                |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractSignatureEncryptedPrivateKey | null                   |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractSignatureEncryptedPrivateKey | a number               |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractSignatureEncryptedPrivateKey | empty                  |
        | CPS-SIGN-18   | signContractDataV1            | emsp with own pki | contractCertificateBundle.dHpublickey                          | missing                |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.dHpublickey                          | null                   |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.dHpublickey                          | a number               |
        | SYS-SCHEMA-01 | signContractDataV1            | emsp with own pki | contractCertificateBundle.dHpublickey                          | empty                  |
        | CPS-SIGN-13   | signContractDataV1            | emsp with own pki | xsdMsgDefNamespace                                             | missing                |
        | CPS-SIGN-19   | signContractDataV1            | emsp with own pki | xsdMsgDefNamespace                                             | null                   |
        | CPS-SIGN-19   | signContractDataV1            | emsp with own pki | xsdMsgDefNamespace                                             | a number               |
        | CPS-SIGN-19   | signContractDataV1            | emsp with own pki | xsdMsgDefNamespace                                             | empty                  |
        | CPS-SIGN-19   | signContractDataV1            | emsp with own pki | xsdMsgDefNamespace                                             | outside the vocabulary |
        | CPS-SIGN-11   | signContractDataV1            | emsp with own pki | cpsV2GRootCertificateFingerprint                               | a number               |
        | CPS-SIGN-11   | signContractDataV1            | emsp with own pki | cpsV2GRootCertificateFingerprint                               | empty                  |
        | CPS-SIGN-11   | signContractDataV1            | emsp with own pki | cpsV2GRootCertificateFingerprint                               | of another form        |
        | CPS-GEN-14    | generateAndSignContractDataV1 | emsp              | contractBegins                                                 | missing                |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractBegins                                                 | null                   |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractBegins                                                 | a number               |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractBegins                                                 | empty                  |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractBegins                                                 | of another form        |
        | CPS-GEN-15    | generateAndSignContractDataV1 | emsp              | contractEnds                                                   | missing                |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractEnds                                                   | null                   |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractEnds                                                   | a number               |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractEnds                                                   | empty                  |
        | CPS-GEN-19    | generateAndSignContractDataV1 | emsp              | contractEnds                                                   | of another form        |
        | CPS-GEN-16    | generateAndSignContractDataV1 | emsp              | emaid                                                          | missing                |
        | CPS-GEN-10    | generateAndSignContractDataV1 | emsp              | emaid                                                          | null                   |
        | CPS-GEN-10    | generateAndSignContractDataV1 | emsp              | emaid                                                          | a number               |
        | CPS-GEN-10    | generateAndSignContractDataV1 | emsp              | emaid                                                          | empty                  |
        | CPS-GEN-10    | generateAndSignContractDataV1 | emsp              | emaid                                                          | too short              |
        | CPS-GEN-10    | generateAndSignContractDataV1 | emsp              | emaid                                                          | too long               |
        | CPS-GEN-10    | generateAndSignContractDataV1 | emsp              | emaid                                                          | of another form        |
        | CPS-GEN-17    | generateAndSignContractDataV1 | emsp              | pcid                                                           | missing                |
        | CPS-GEN-11    | generateAndSignContractDataV1 | emsp              | pcid                                                           | null                   |
        | CPS-GEN-11    | generateAndSignContractDataV1 | emsp              | pcid                                                           | a number               |
        | CPS-GEN-11    | generateAndSignContractDataV1 | emsp              | pcid                                                           | empty                  |
        | CPS-GEN-11    | generateAndSignContractDataV1 | emsp              | pcid                                                           | too short              |
        | CPS-GEN-11    | generateAndSignContractDataV1 | emsp              | pcid                                                           | too long               |
        | CPS-GEN-11    | generateAndSignContractDataV1 | emsp              | pcid                                                           | of another form        |
        | CPS-GEN-18    | generateAndSignContractDataV1 | emsp              | xsdMsgDefNamespace                                             | missing                |
        | SYS-SCHEMA-01 | generateAndSignContractDataV1 | emsp              | xsdMsgDefNamespace                                             | null                   |
        | SYS-SCHEMA-01 | generateAndSignContractDataV1 | emsp              | xsdMsgDefNamespace                                             | a number               |
        | SYS-SCHEMA-01 | generateAndSignContractDataV1 | emsp              | xsdMsgDefNamespace                                             | empty                  |
        | SYS-SCHEMA-01 | generateAndSignContractDataV1 | emsp              | xsdMsgDefNamespace                                             | outside the vocabulary |

  Rule: What need not be there is refused as well where it is not right [components/schemas; components/parameters]

    Scenario Outline: A flaw in what need not be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request should be refused with 400

      Examples:
        # table: flaws_noted of cps
        | requirement   | operation                     | party             | place                                                                | flaw            |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa1Certificate | null            |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa1Certificate | a number        |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa1Certificate | too long        |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa1Certificate | of another form |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa2Certificate | null            |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa2Certificate | a number        |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa2Certificate | too long        |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | contractCertificateBundle.contractCertificateChain.subCa2Certificate | of another form |
        | SYS-SCHEMA-02 | signContractDataV1            | emsp with own pki | cpsV2GRootCertificateFingerprint                                     | null            |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | subscriptionUrl                                                      | null            |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | subscriptionUrl                                                      | a number        |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | cpsV2GRootCertificateFingerprint                                     | null            |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | cpsV2GRootCertificateFingerprint                                     | a number        |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | cpsV2GRootCertificateFingerprint                                     | empty           |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | cpsV2GRootCertificateFingerprint                                     | of another form |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | moRootCertificateFingerprint                                         | null            |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | moRootCertificateFingerprint                                         | a number        |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | moRootCertificateFingerprint                                         | empty           |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | moRootCertificateFingerprint                                         | of another form |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | metaData                                                             | null            |
        | SYS-SCHEMA-02 | generateAndSignContractDataV1 | emsp              | metaData                                                             | a number        |
