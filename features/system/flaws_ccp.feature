@mutates
Feature: Interface: requests to the CCP with one flaw
  Whether each operation of the Contract Certificate Pool refuses a request in which one member, parameter
  or header is missing or wrong.

  Rule: What must be there is refused where it is not right [signedContractData.v1.json#/required; getSignedContractDataReq.v1.json]

    Scenario Outline: A flaw in what must be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request is refused with 400

      Examples:
        # table: flaws_refused of ccp
        | requirement   | operation                                           | party             | place                            | flaw                   |
        | CCP-CIR-21    | getSignedContractDataByCertificateInstallationReqV1 | cpo               | alwaysReturnEXI                  | a text                 |
        | CCP-CIR-13    | getSignedContractDataByCertificateInstallationReqV1 | cpo               | certificateInstallationReq       | missing                |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | certificateInstallationReq       | null                   |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | certificateInstallationReq       | a number               |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | certificateInstallationReq       | empty                  |
        | CCP-CIR-14    | getSignedContractDataByCertificateInstallationReqV1 | cpo               | xsdMsgDefNamespace               | missing                |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | xsdMsgDefNamespace               | null                   |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | xsdMsgDefNamespace               | a number               |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | xsdMsgDefNamespace               | empty                  |
        | SYS-SCHEMA-01 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | xsdMsgDefNamespace               | outside the vocabulary |
        | CCP-DEL-06    | deleteSignedContractDataByEmaidV1                   | emsp with own pki | X-Skip-Revocation                | a text                 |
        | CCP-DEL-02    | deleteSignedContractDataByEmaidV1                   | emsp with own pki | emaid                            | too short              |
        | CCP-DEL-02    | deleteSignedContractDataByEmaidV1                   | emsp with own pki | emaid                            | too long               |
        | CCP-DEL-02    | deleteSignedContractDataByEmaidV1                   | emsp with own pki | emaid                            | of another form        |
        | CCP-EMAID-04  | getContractDataByEmaidV1                            | emsp with own pki | emaid                            | too short              |
        | CCP-EMAID-04  | getContractDataByEmaidV1                            | emsp with own pki | emaid                            | too long               |
        | CCP-EMAID-04  | getContractDataByEmaidV1                            | emsp with own pki | emaid                            | of another form        |
        | CCP-EMAID-07  | getContractDataByEmaidV1                            | emsp with own pki | xsdMsgDefNamespace               | outside the vocabulary |
        | CCP-EMAID-07  | getContractDataByEmaidV1                            | emsp with own pki | cpsV2GRootCertificateFingerprint | of another form        |
        | CCP-PCID-04   | getContractDataByPcidV1                             | oem               | pcid                             | too short              |
        | CCP-PCID-04   | getContractDataByPcidV1                             | oem               | pcid                             | too long               |
        | CCP-PCID-04   | getContractDataByPcidV1                             | oem               | pcid                             | of another form        |
        | CCP-SCD-06    | getSignedContractDataByEmaidAndPcidV1               | oem               | emaid                            | too short              |
        | CCP-SCD-06    | getSignedContractDataByEmaidAndPcidV1               | oem               | emaid                            | too long               |
        | CCP-SCD-06    | getSignedContractDataByEmaidAndPcidV1               | oem               | emaid                            | of another form        |
        | CCP-SCD-05    | getSignedContractDataByEmaidAndPcidV1               | oem               | pcid                             | too short              |
        | CCP-SCD-05    | getSignedContractDataByEmaidAndPcidV1               | oem               | pcid                             | too long               |
        | CCP-SCD-05    | getSignedContractDataByEmaidAndPcidV1               | oem               | pcid                             | of another form        |
        | CCP-SCD-04    | getSignedContractDataByEmaidAndPcidV1               | oem               | sessionID                        | of another form        |
        | CCP-ADD-07    | addSignedContractDataV1                             | emsp with own pki | certificateInstallationRes       | missing                |
        | SYS-SCHEMA-01 | addSignedContractDataV1                             | emsp with own pki | certificateInstallationRes       | null                   |
        | SYS-SCHEMA-01 | addSignedContractDataV1                             | emsp with own pki | certificateInstallationRes       | a number               |
        | CCP-ADD-05    | addSignedContractDataV1                             | emsp with own pki | emaid                            | missing                |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | emaid                            | null                   |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | emaid                            | a number               |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | emaid                            | empty                  |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | emaid                            | too short              |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | emaid                            | too long               |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | emaid                            | of another form        |
        | CCP-ADD-06    | addSignedContractDataV1                             | emsp with own pki | pcid                             | missing                |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | pcid                             | null                   |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | pcid                             | a number               |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | pcid                             | empty                  |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | pcid                             | too short              |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | pcid                             | too long               |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | pcid                             | of another form        |
        | CCP-ADD-08    | addSignedContractDataV1                             | emsp with own pki | xsdMsgDefNamespace               | missing                |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | xsdMsgDefNamespace               | null                   |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | xsdMsgDefNamespace               | a number               |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | xsdMsgDefNamespace               | empty                  |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | xsdMsgDefNamespace               | outside the vocabulary |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | cpsV2GRootCertificateFingerprint | a number               |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | cpsV2GRootCertificateFingerprint | empty                  |
        | CCP-ADD-09    | addSignedContractDataV1                             | emsp with own pki | cpsV2GRootCertificateFingerprint | of another form        |
        | CCP-DEF-04    | setSignedContractDataAsDefaultV1                    | oem               | emaid                            | too short              |
        | CCP-DEF-04    | setSignedContractDataAsDefaultV1                    | oem               | emaid                            | too long               |
        | CCP-DEF-04    | setSignedContractDataAsDefaultV1                    | oem               | emaid                            | of another form        |
        | CCP-DEF-04    | setSignedContractDataAsDefaultV1                    | oem               | pcid                             | too short              |
        | CCP-DEF-04    | setSignedContractDataAsDefaultV1                    | oem               | pcid                             | too long               |
        | CCP-DEF-04    | setSignedContractDataAsDefaultV1                    | oem               | pcid                             | of another form        |

  Rule: What need not be there is refused as well where it is not right [components/schemas; components/parameters]

    Scenario Outline: A flaw in what need not be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request should be refused with 400

      Examples:
        # table: flaws_noted of ccp
        | requirement   | operation                                           | party             | place                            | flaw                   |
        | SYS-SCHEMA-02 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | broadcast                        | a text                 |
        | SYS-SCHEMA-02 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | metadata                         | null                   |
        | SYS-SCHEMA-02 | getSignedContractDataByCertificateInstallationReqV1 | cpo               | metadata                         | a number               |
        | SYS-SCHEMA-02 | getContractDataByPcidV1                             | oem               | xsdMsgDefNamespace               | outside the vocabulary |
        | SYS-SCHEMA-02 | getSignedContractDataByEmaidAndPcidV1               | oem               | xsdMsgDefNamespace               | outside the vocabulary |
        | SYS-SCHEMA-02 | getSignedContractDataByEmaidAndPcidV1               | oem               | cpsV2GRootCertificateFingerprint | of another form        |
        | SYS-SCHEMA-02 | addSignedContractDataV1                             | emsp with own pki | metaData                         | null                   |
        | SYS-SCHEMA-02 | addSignedContractDataV1                             | emsp with own pki | metaData                         | a number               |
        | SYS-SCHEMA-02 | addSignedContractDataV1                             | emsp with own pki | cpsV2GRootCertificateFingerprint | null                   |
        | SYS-SCHEMA-02 | addSignedContractDataV1                             | emsp with own pki | cpsRootDistinguishedName         | null                   |
        | SYS-SCHEMA-02 | addSignedContractDataV1                             | emsp with own pki | cpsRootDistinguishedName         | a number               |
