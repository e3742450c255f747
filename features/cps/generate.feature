@mutates
Feature: CPS: generate and sign contract data (generateAndSignContractDataV1)
  Whether the operator issues, signs and stores a contract for an eMSP that uses its PKI, and which orders
  are refused.

  Rule: The operator issues a contract certificate, wraps its key for the vehicle, signs, and stores [cps.api.v1.contractDataGenerateAndSign.json#/put]

    @CPS-GEN-01
    Scenario: An order is carried out
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      Then the contract is taken

    @CPS-GEN-02
    Scenario: The contract is in the pool
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      And its eMSP lists that contract afterwards
      And the vehicle asks for contracts at a charging station afterwards
      Then the pool lists that contract
      And that contract alone is delivered

    @CPS-GEN-03
    Scenario: The contract certificate names the contract and leads to a root of the pool
      Given a vehicle whose provisioning certificate is published
      And the roots of the pool that contracts may be issued under
      And a contract of the eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then the contract delivered was issued for its EMAID below one of those roots

    @CPS-GEN-04
    Scenario: The contract certificate is valid within the time ordered
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP lists that contract
      Then the contract certificate listed is valid within the time ordered

    @CPS-GEN-04
    Scenario: The time ordered is that of another zone
      Given a vehicle whose provisioning certificate is published
      And an order for that vehicle whose times are those of another zone
      When the eMSP places that order
      And the eMSP lists that contract
      Then the contract certificate listed is valid within the time ordered

    @CPS-GEN-28 @CPS-GEN-29
    Scenario Outline: The contract certificate is one of ISO 15118, of its issuer
      Given a <vehicle> whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      And the vehicle asks for contracts at a charging station afterwards
      Then the contract is taken
      And that contract alone is delivered

      Examples:
        | vehicle                     |
        | vehicle                     |
        | vehicle with secp521r1 keys |
        | vehicle with Ed448 keys     |

    @CPS-GEN-05
    Scenario: The vehicle can decrypt the contract key
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then the vehicle can install that contract

    @CPS-GEN-24
    Scenario Outline: The same in ISO 15118-20
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      And the vehicle asks for contracts at a charging station afterwards
      Then the contract is taken
      And the vehicle can install that contract

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

    @CPS-GEN-28
    Scenario: Two contracts have two keys and numbers
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the eMSP for the other vehicle
      When the OEM fetches that contract
      And the OEM fetches the second contract
      Then the answer is 200

  Rule: The eMSP may choose the roots; otherwise the operator does [generateAndSignContractDataReq.v1.json#/properties; ERR-072]

    @CPS-GEN-06
    Scenario: Below each V2G root on offer
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      When the eMSP has a contract made for that vehicle below each V2G root on offer
      And the OEM fetches each of them
      Then each was delivered below the root asked for

    @CPS-GEN-07
    Scenario: Issued below each root that the operator issues under
      Given a vehicle whose provisioning certificate is published
      And the roots of the pool that contracts may be issued under
      When the eMSP has a contract made for that vehicle below each of those roots
      And the OEM fetches each of them
      Then each contract that was made was issued below the root asked for

    @CPS-GEN-26
    Scenario Outline: A root that does not exist
      Given a vehicle whose provisioning certificate is published
      And an order for that vehicle <flaw>
      When the eMSP places that order
      And its eMSP lists that contract afterwards
      Then the answer is 400 or 404
      And the pool does not list that contract

      Examples:
        | flaw                                             |
        | with an unknown cpsV2GRootCertificateFingerprint |
        | with an unknown moRootCertificateFingerprint     |

  Rule: One EMAID is one contract of one vehicle; a vehicle may have several [cps.api.v1.contractDataGenerateAndSign.json#/put/description; ERR-071]

    @CPS-GEN-08
    Scenario: A repeated order replaces the contract data
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And what the pool lists of that contract
      When the eMSP places that order again
      And its eMSP lists that contract afterwards
      Then the contract is taken
      And the pool lists that contract once, with another certificate

    @CPS-GEN-09
    Scenario: An EMAID that another vehicle has
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And what the pool lists of that contract
      And a further order for the other vehicle with the same EMAID
      When its eMSP places the further order
      And its eMSP lists that contract afterwards
      Then the answer is 400 or 409
      And the pool lists that contract unchanged

    @CPS-GEN-25
    Scenario: Contracts of two eMSPs for one vehicle
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the OEM lists the contracts of that vehicle
      Then the answer lists both contracts

  Rule: What the contract of the API does not allow is refused [generateAndSignContractDataReq.v1.json#/required]

    Scenario Outline: An order that is none
      Given a vehicle whose provisioning certificate is published
      And an order for that vehicle <flaw>
      When the eMSP places that order
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool does not list that contract

      Examples:
        | requirement | flaw                                       |
        | CPS-GEN-10  | for an EMAID of 13 characters              |
        | CPS-GEN-11  | for a PCID of 16 characters                |
        | CPS-GEN-12  | that ended yesterday                       |
        | CPS-GEN-14  | without contractBegins                     |
        | CPS-GEN-15  | without contractEnds                       |
        | CPS-GEN-16  | without emaid                              |
        | CPS-GEN-17  | without pcid                               |
        | CPS-GEN-18  | without xsdMsgDefNamespace                 |
        | CPS-GEN-19  | whose contractBegins is tomorrow           |
        | CPS-GEN-19  | whose contractEnds is tomorrow             |
        | CPS-GEN-19  | whose contractEnds is 2027-02-30T00:00:00Z |
        | CPS-GEN-20  | that ends before it begins                 |

    @CPS-GEN-22
    Scenario: An address that is none of the web
      Given a vehicle whose provisioning certificate is published
      And an order for that vehicle with the subscriptionUrl ftp://x
      When the eMSP places that order
      And its eMSP lists that contract afterwards
      Then the request is refused with 400, or served as ERR-069 allows
      And the pool does not list that contract where it was refused

    @CPS-GEN-22
    Scenario: An address of the eMSP
      Given a vehicle whose provisioning certificate is published
      And an order for that vehicle with the subscriptionUrl https://emsp.example/v2g
      When the eMSP places that order
      Then the contract is taken

    @CPS-GEN-23
    Scenario: An order in XML
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order in XML
      And its eMSP lists that contract afterwards
      Then that order is carried out, or its media type is refused

  Rule: The vehicle must be known, and the contract must be the eMSP's own [ERR-067; 04_authentication.md § eMSP]

    @CPS-GEN-13
    Scenario: A vehicle that nobody has published
      Given a vehicle whose provisioning certificate nobody has published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      And its eMSP lists that contract afterwards
      Then the answer is 400 or 404
      And the pool does not list that contract

    @CPS-GEN-21 @AUTH-OWN-02
    Scenario: The contract of another eMSP
      Given a vehicle whose provisioning certificate is published
      And an order of the other eMSP for that vehicle
      When the eMSP places that order
      And its eMSP lists that contract afterwards
      Then the request is refused, for it is about something of another
      And the pool does not list that contract
