@mutates
Feature: CPS: sign contract data (signContractDataV1)
  Whether contract data of an eMSP with a PKI of its own are signed for the vehicle, returned and stored,
  and which are refused.

  Rule: Contract data that are in order are signed for the vehicle and returned [cps.api.v1.contractDataSign.json#/put]

    Scenario Outline: What the answer holds
      Given a vehicle whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      Then the signed contract data <property>

      Examples:
        | requirement | property                             |
        | CPS-SIGN-01 | are complete                         |
        | CPS-SIGN-02 | hold a CertificateInstallationRes    |
        | CPS-SIGN-03 | are signed by a CPS below a V2G root |
        | CPS-SIGN-04 | hold what was submitted, unchanged   |
        | CPS-SIGN-05 | repeat EMAID, PCID and namespace     |
        | CPS-SIGN-29 | name the root above the CPS          |

    @CPS-SIGN-27
    Scenario Outline: What the answer holds in ISO 15118-20
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      Then the signed contract data hold a CertificateInstallationRes
      And the signed contract data are signed by a CPS below a V2G root
      And the signed contract data have keys of their edition only
      And the signed contract data hold what was submitted, unchanged

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

  Rule: As the contract data name a vehicle, they are stored for it [03_certificate-provisioning-service.md § API; ERR-060]

    @CPS-SIGN-06
    Scenario: They reach the vehicle
      Given a vehicle whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      And the vehicle asks for contracts at a charging station afterwards
      Then the pool lists that contract
      And the vehicle can install that contract

    @CPS-SIGN-07 @CPS-SIGN-14
    Scenario: Contract data that name no vehicle are signed and not stored, or refused
      Given a vehicle whose provisioning certificate is published
      And contract data for that vehicle without pcid
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the answer is one of 200, 201, 400
      And the pool does not list that contract

    @CPS-SIGN-28
    Scenario: New data of a contract take the place of the old
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      And new contract data for that contract
      When the eMSP with own PKI has the new contract data signed
      And its eMSP lists that contract afterwards
      And the vehicle asks for contracts at a charging station afterwards
      Then the pool lists the new data of that contract
      And the vehicle can install the new data of that contract

    @CPS-SIGN-30
    Scenario: The same once more
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed again
      And its eMSP lists that contract afterwards
      Then the contract is taken
      And the pool lists that contract alone

  Rule: The eMSP may choose the V2G root above the CPS; otherwise the CPS does [cpsV2GRootCertificateFingerprintParam.v1.json; ERR-072]

    @CPS-SIGN-08
    Scenario: Below each V2G root on offer
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      When the eMSP with own PKI has a contract made for that vehicle below each V2G root on offer
      Then each of them was signed below the root asked for

    @CPS-SIGN-09
    Scenario: No root is asked for
      Given a vehicle whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      Then the contract is taken

    @CPS-SIGN-10
    Scenario: A root that does not exist
      Given a vehicle whose provisioning certificate is published
      And contract data for that vehicle with the fingerprint of a root that does not exist
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the answer is 400 or 404
      And the pool does not list that contract

  Rule: What the contract of the API does not allow is refused [contractCertificateBundle.v1.json#/required]

    Scenario Outline: Contract data that are no contract data
      Given a vehicle whose provisioning certificate is published
      And contract data for that vehicle <flaw>
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool does not list that contract

      Examples:
        | requirement | flaw                                         |
        | CPS-SIGN-11 | with a fingerprint of 63 digits              |
        | CPS-SIGN-12 | without contractCertificateBundle            |
        | CPS-SIGN-13 | without xsdMsgDefNamespace                   |
        | CPS-SIGN-15 | without emaid                                |
        | CPS-SIGN-16 | without contractCertificateChain             |
        | CPS-SIGN-17 | without contractSignatureEncryptedPrivateKey |
        | CPS-SIGN-18 | without dHpublickey                          |
        | CPS-SIGN-19 | for the namespace urn:foo                    |
        | CPS-SIGN-20 | for the EMAID X                              |
        | CPS-SIGN-20 | for the PCID X                               |
        | CPS-SIGN-21 | whose certificate is not base64              |
        | CPS-SIGN-21 | whose certificate is base64 of random bytes  |
        | CPS-SIGN-21 | whose certificate is truncated               |

  Rule: The contract certificate must be trusted, valid and for the contract [05_v2g-pki-services.md § Contract leaf certificates]

    Scenario Outline: Contract data that cannot be trusted
      Given a vehicle whose provisioning certificate is published
      And contract data for that vehicle <flaw>
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool does not list that contract

      Examples:
        | requirement | flaw                                      |
        | CPS-SIGN-22 | under a root nobody knows                 |
        | CPS-SIGN-22 | under a root with the name of a known one |
        | CPS-SIGN-22 | whose Sub-CAs are swapped                 |
        | CPS-SIGN-22 | whose Sub-CA 2 is that of another chain   |
        | CPS-SIGN-23 | whose certificate is for another EMAID    |
        | CPS-SIGN-26 | whose certificate has expired             |

    @CPS-SIGN-26 @needs.ocsp
    Scenario: A certificate that is revoked
      Given a vehicle whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      And the certificate of that contract is revoked
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool does not list that contract

  Rule: The vehicle must be known, and the contract must be the eMSP's own [ERR-067; 04_authentication.md § eMSP]

    @CPS-SIGN-24
    Scenario: A vehicle that nobody has published
      Given a vehicle whose provisioning certificate nobody has published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the request is refused with 404 or 400, or served as ERR-067 allows
      And the pool does not list that contract where it was refused

    @CPS-SIGN-25 @AUTH-OWN-02
    Scenario: The contract of another eMSP
      Given a vehicle whose provisioning certificate is published
      And contract data of the other eMSP for that vehicle
      When the eMSP with own PKI has those contract data signed
      And its eMSP lists that contract afterwards
      Then the request is refused, for it is about something of another
      And the pool does not list that contract
