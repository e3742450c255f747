@mutates
Feature: CCP: delete signed contract data (deleteSignedContractDataByEmaidV1)
  Whether a contract is gone after its deletion, whether its certificate is revoked as X-Skip-Revocation
  says, and whether the OEM is told.

  Rule: The eMSP withdraws a contract, with all of its data [04_contract-certificate-pool.md § 3. Delete a Contract Certificate]

    @CCP-DEL-01
    Scenario: It is gone
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP deletes that contract
      And its eMSP lists that contract afterwards
      And the vehicle asks for contracts at a charging station afterwards
      Then the answer is 200
      And the pool does not list that contract
      And no contract is delivered

    @CCP-DEL-11
    Scenario Outline: It is gone at every address, also where it was read before
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When <read>
      And the eMSP deletes that contract
      And <read> afterwards
      Then <gone>

      Examples:
        | read                                                 | gone                                 |
        | its eMSP lists that contract                         | the pool does not list that contract |
        | the OEM lists the contracts of that vehicle          | the pool lists no contract           |
        | the OEM fetches that contract                        | no contract is delivered             |
        | the vehicle asks for contracts at a charging station | no contract is delivered             |

    @CCP-DEL-01
    Scenario: It is gone in both editions of ISO 15118
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And that contract in ISO 15118-20 as well
      When the eMSP deletes that contract
      And its eMSP lists that contract with xsdMsgDefNamespace "urn:iso:15118:20:2020:MsgDef" afterwards
      Then the pool does not list that contract

    @CCP-DEL-09
    Scenario: Another contract of the vehicle stays
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the eMSP deletes that contract
      And the OEM lists the contracts of that vehicle afterwards
      Then the pool lists the second contract alone

    @CCP-DEL-03
    Scenario: A contract that nobody has
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP deletes that contract
      Then the answer is 404 with an error body

    @CCP-DEL-02
    Scenario: An EMAID of 13 characters
      When the eMSP deletes the contract "DEABC12345678"
      Then the answer is 400

    @CCP-DEL-07 @AUTH-OWN-02
    Scenario: A contract of another eMSP
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the other eMSP deletes that contract
      And its eMSP lists that contract afterwards
      Then the request is refused, for it is about something of another
      And the pool lists that contract

  Rule: What the operator has issued is revoked as well, unless the eMSP does not want it [ERR-090]

    Scenario Outline: A contract that the operator has issued
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the contract certificate and its CA, as they are delivered
      When the eMSP deletes <what>
      And the status of the certificate of that contract is asked for without a nonce
      Then the answer is 200
      And the responder tells that it is <status>

      Examples:
        | requirement | what                                         | status  |
        | CCP-DEL-04  | that contract                                | revoked |
        | CCP-DEL-04  | that contract with X-Skip-Revocation "false" | revoked |
        | CCP-DEL-05  | that contract with X-Skip-Revocation "true"  | good    |

    @CCP-DEL-10
    Scenario: A contract of an eMSP with its own CA
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI deletes that contract
      And its eMSP lists that contract afterwards
      Then the answer is 200
      And the pool does not list that contract

    @CCP-DEL-06
    Scenario: Neither yes nor no
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP deletes that contract with X-Skip-Revocation "x"
      And its eMSP lists that contract afterwards
      Then the answer is 400
      And the pool lists that contract

  Rule: The OEM that has subscribed is told [06_webhook-service.md § Available Events]

    @CCP-DEL-08 @needs.receiver
    Scenario: A deletion
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the OEM is subscribed to "oem.contract.deleted"
      When the eMSP deletes that contract
      And every subscriber has received something
      Then the OEM has been told "oem.contract.deleted" about that contract
