@needs.receiver @mutates
Feature: Event Service: events about contracts and vehicles
  Whether OEM and eMSP are told, each by the event that is listed for it, what becomes of contracts and of
  vehicles.

  Background:
    Given a vehicle whose provisioning certificate is published

  Rule: The OEM is told what becomes of the contracts for its vehicles [06_webhook-service.md § Available Events]

    @EVT-TYPE-01
    Scenario: A contract is made
      Given the OEM is subscribed to "oem.contract.created"
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then the OEM has been told "oem.contract.created" about that contract

    @EVT-TYPE-02
    Scenario: A contract gets new data
      Given a contract of the eMSP with own PKI for that vehicle
      And new contract data for that contract
      And the OEM is subscribed to "oem.contract.updated"
      When the eMSP with own PKI has the new contract data signed
      And every subscriber has received something
      Then the OEM has been told "oem.contract.updated" about that contract

    @EVT-TYPE-03
    Scenario: A contract is deleted
      Given a contract of the eMSP for that vehicle
      And the OEM is subscribed to "oem.contract.deleted"
      When the eMSP deletes that contract
      And every subscriber has received something
      Then the OEM has been told "oem.contract.deleted" about that contract

  Rule: The eMSP is told what becomes of the vehicles that it has contracts for [06_webhook-service.md § Available Events]

    @EVT-TYPE-04 @PCP-DEL-07
    Scenario: The vehicle is withdrawn
      Given a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And the eMSP is subscribed to "mo.prov.cert.deleted"
      And the other eMSP is subscribed to "mo.prov.cert.deleted"
      When the OEM deletes that vehicle
      And every subscriber has received something
      Then each eMSP has been told "mo.prov.cert.deleted" about its own contract alone

    @EVT-TYPE-18
    Scenario: The vehicle is withdrawn, and one eMSP has two contracts for it
      Given a contract of the eMSP for that vehicle
      And a second contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.prov.cert.deleted"
      When the OEM deletes that vehicle
      And the events have had time to arrive
      Then the eMSP has been told "mo.prov.cert.deleted" about both contracts

    @EVT-TYPE-05 @PCP-UPD-02
    Scenario: The vehicle gets a new key
      Given a contract of the eMSP for that vehicle
      And a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated"
      When the OEM publishes the new certificate
      And every subscriber has received something
      Then the eMSP has been told "mo.prov.cert.updated" about that contract

    @PCP-UPD-03
    Scenario: The vehicle keeps its key
      Given a contract of the eMSP for that vehicle
      And a new certificate of that vehicle with the same key
      And the eMSP is subscribed to "mo.prov.cert.updated, mo.prov.cert.deleted"
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the eMSP has not been told anything about that vehicle

    @EVT-TYPE-12 @needs.factory-reset
    Scenario: All contracts of the vehicle are deleted and its certificate stays
      Given a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.prov.cert.updated.factory.reset"
      When that vehicle is reset to its factory state
      And its eMSP lists that contract afterwards
      And every subscriber has received something
      Then the eMSP has been told "mo.prov.cert.updated.factory.reset" about that contract
      And the pool does not list that contract

    @EVT-TYPE-12 @needs.factory-reset
    Scenario: The certificate of a vehicle that was reset
      Given a contract of the eMSP for that vehicle
      When that vehicle is reset to its factory state
      And the eMSP reads that vehicle afterwards
      Then the pool holds that vehicle

    @PCP-CLN-04 @needs.clock @needs.ocsp
    Scenario: The certificate of the vehicle is revoked
      Given a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.prov.cert.deleted"
      When the certificate of that vehicle is revoked
      And the cleansing interval has passed
      And every subscriber has received something
      Then the eMSP has been told "mo.prov.cert.deleted" about that contract

  Rule: The eMSP is told how the OEM has taken what it was told [06_webhook-service.md § Available Events]

    @EVT-TYPE-06
    Scenario: The OEM has taken the news of a contract
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.created.sent.to.oem"
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.created.sent.to.oem" about that contract

    @EVT-TYPE-07
    Scenario: The OEM has taken the news of new data
      Given a contract of the eMSP with own PKI for that vehicle
      And new contract data for that contract
      And the OEM is subscribed to "oem.contract.updated"
      And the eMSP with own PKI is subscribed to "mo.contract.updated.sent.to.oem"
      When the eMSP with own PKI has the new contract data signed
      And every subscriber has received something
      Then the eMSP with own PKI has been told "mo.contract.updated.sent.to.oem" about that contract

    @EVT-TYPE-08
    Scenario: The OEM has taken the news of a deletion
      Given a contract of the eMSP for that vehicle
      And the OEM is subscribed to "oem.contract.deleted"
      And the eMSP is subscribed to "mo.contract.deleted.sent.to.oem"
      When the eMSP deletes that contract
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.deleted.sent.to.oem" about that contract

    @EVT-TYPE-16
    Scenario: The OEM has not taken the news yet
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.created.sent.to.oem"
      And the receiver of the OEM always answers 503
      When the eMSP orders a contract for that vehicle
      And the events have had time to arrive
      Then the eMSP has not been told anything about that contract

    @EVT-TYPE-10
    Scenario: The OEM refuses the news
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.rejected.by.oem"
      And the receiver of the OEM always answers 400
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.rejected.by.oem" about that contract

    @EVT-TYPE-17 @needs.retries
    Scenario Outline: What the OEM has refused is not sent again
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.rejected.by.oem"
      And the receiver of the OEM always answers <status>
      When the eMSP orders a contract for that vehicle
      And the retry interval has passed 4 times
      Then the OEM has been told "oem.contract.created" about that contract
      And the eMSP has been told "mo.contract.rejected.by.oem" about that contract

      Examples:
        | status |
        | 400    |
        | 409    |

    @EVT-TYPE-11
    Scenario: The OEM cannot be told now
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.queued.to.oem"
      And the receiver of the OEM always answers 503
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.queued.to.oem" about that contract

  Rule: The eMSP is told that its contract has been delivered [06_webhook-service.md § Available Events]

    @EVT-TYPE-09
    Scenario: To the OEM
      Given a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the OEM fetches that contract
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.delivered.to.oem" about that contract

    @EVT-TYPE-09
    Scenario: To the vehicle
      Given a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the vehicle asks for contracts at a charging station
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.delivered.to.oem" about that contract
