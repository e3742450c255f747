@mutates
Feature: CCP: store signed contract data (addSignedContractDataV1)
  Whether signed contract data are stored and can be read afterwards, which data are refused, and whether
  the OEM is told.

  Rule: Signed contract data of an eMSP are stored and can be read in every way [04_contract-certificate-pool.md § 1. Publish a Contract Certificate]

    @CCP-ADD-01
    Scenario Outline: The eMSP stores them
      Given a vehicle whose provisioning certificate is published
      And signed contract data of the <party> for that vehicle
      When the <party> stores those signed contract data
      And its eMSP lists that contract afterwards
      And the vehicle asks for contracts at a charging station afterwards
      Then the contract is taken
      And the pool lists that contract
      And the vehicle can install that contract

      Examples:
        | party             |
        | eMSP with own PKI |
        | eMSP              |

    @CCP-ADD-02
    Scenario: The CPS stores them
      Given a vehicle whose provisioning certificate is published
      And signed contract data of the eMSP with own PKI for that vehicle
      When the CPS stores those signed contract data
      And its eMSP lists that contract afterwards
      Then the contract is taken
      And the pool lists that contract

  Rule: One contract of one vehicle is stored once; a vehicle may have several [04_contract-certificate-pool.md § 2. Update a Contract Certificate]

    @CCP-ADD-03
    Scenario: New data of a contract take the place of the old
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      When the eMSP with own PKI stores the new signed contract data
      And its eMSP lists that contract afterwards
      And the vehicle asks for contracts at a charging station afterwards
      Then the contract is taken
      And the pool lists the new data of that contract
      And the vehicle can install the new data of that contract

    @CCP-ADD-17
    Scenario Outline: New data are had at every address, also where the old were read before
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      When <read>
      And the eMSP with own PKI stores the new signed contract data
      And <read> afterwards
      Then <new>

      Examples:
        | read                                                 | new                                                   |
        | its eMSP lists that contract                         | the pool lists the new data of that contract          |
        | the OEM lists the contracts of that vehicle          | the pool lists the new data of that contract          |
        | the OEM fetches that contract                        | the vehicle can install the new data of that contract |
        | the vehicle asks for contracts at a charging station | the vehicle can install the new data of that contract |

    @CCP-ADD-18
    Scenario: The same data once more
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      When the eMSP with own PKI stores those signed contract data again
      And its eMSP lists that contract afterwards
      Then the contract is taken
      And the pool lists that contract alone

    @CCP-ADD-19
    Scenario: Two data at the same time
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      When the eMSP with own PKI stores those signed contract data and the new signed contract data 4 times at once
      And the eMSP with own PKI lists that contract
      And the OEM fetches that contract afterwards
      Then the answer agrees with the signed data

    @CCP-ADD-04
    Scenario: A second contract of a vehicle
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And a second contract of the eMSP for that vehicle, stored by itself
      When the OEM lists the contracts of that vehicle
      Then the answer lists both contracts

    @CCP-ADD-16
    Scenario: An EMAID that another vehicle has
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And what the pool lists of that contract
      And further signed contract data for the other vehicle with the same EMAID
      When its eMSP stores the further signed contract data
      And its eMSP lists that contract afterwards
      Then the request is refused with 400, or the contract has moved to the other vehicle

  Rule: What the contract of the API does not allow is refused [signedContractData.v1.json#/required]

    Scenario Outline: Contract data that are no contract data
      Given a vehicle whose provisioning certificate is published
      And signed contract data for that vehicle <flaw>
      When the eMSP with own PKI stores those signed contract data
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool does not list that contract

      Examples:
        | requirement | flaw                               |
        | CCP-ADD-05  | without emaid                      |
        | CCP-ADD-06  | without pcid                       |
        | CCP-ADD-07  | without certificateInstallationRes |
        | CCP-ADD-08  | without xsdMsgDefNamespace         |
        | CCP-ADD-09  | for the EMAID X                    |
        | CCP-ADD-09  | for the PCID X                     |
        | CCP-ADD-09  | for the namespace urn:foo          |
        | CCP-ADD-09  | with a fingerprint of 63 digits    |

  Rule: The message must be a CertificateInstallationRes, signed, and of that contract [ccp.api.v1.signedContractData.json#/put/responses/400]

    Scenario Outline: A message that cannot be delivered
      Given a vehicle whose provisioning certificate is published
      And signed contract data for that vehicle <flaw>
      When the eMSP with own PKI stores those signed contract data
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool does not list that contract

      Examples:
        | requirement | flaw                             |
        | CCP-ADD-10  | that are no base64               |
        | CCP-ADD-10  | that are random bytes            |
        | CCP-ADD-10  | that are a request               |
        | CCP-ADD-10  | that are a negative response     |
        | CCP-ADD-10  | for the wrong namespace          |
        | CCP-ADD-11  | that are about another EMAID     |
        | CCP-ADD-11  | that were tampered with          |
        | CCP-ADD-11  | that the CPS did not sign        |
        | CCP-ADD-11  | signed below a root nobody knows |

  Rule: The vehicle must be known, and the contract must be the eMSP's own [ERR-094; 04_authentication.md § eMSP]

    @CCP-ADD-12
    Scenario: A vehicle that nobody has published
      Given a vehicle whose provisioning certificate nobody has published
      And signed contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI stores those signed contract data
      And its eMSP lists that contract afterwards
      Then the answer is 404 or 400
      And the pool does not list that contract

    @CCP-ADD-13 @AUTH-OWN-02
    Scenario: The contract of another eMSP
      Given a vehicle whose provisioning certificate is published
      And a contract of the other eMSP for that vehicle, stored by itself
      And what the pool lists of that contract
      And new signed contract data for that contract
      When the eMSP with own PKI stores the new signed contract data
      And its eMSP lists that contract afterwards
      Then the request is refused, for it is about something of another
      And the pool lists that contract unchanged

    @CCP-ORG-01
    Scenario: An eMSP whose provider id is not confirmed
      Given a vehicle whose provisioning certificate is published
      And signed contract data of the eMSP with own PKI for that vehicle
      When the eMSP without provider id stores those signed contract data
      And its eMSP lists that contract afterwards
      Then the request is refused, for the party has no right to it
      And the pool does not list that contract

  Rule: The OEM that has subscribed is told [06_webhook-service.md § Available Events]

    @CCP-ADD-14 @needs.receiver
    Scenario: A new contract
      Given a vehicle whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created"
      And signed contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI stores those signed contract data
      And every subscriber has received something
      Then the OEM has been told "oem.contract.created" about that contract

    @CCP-ADD-15 @needs.receiver
    Scenario: New data of a contract
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      And the OEM is subscribed to "oem.contract.updated"
      When the eMSP with own PKI stores the new signed contract data
      And every subscriber has received something
      Then the OEM has been told "oem.contract.updated" about that contract
