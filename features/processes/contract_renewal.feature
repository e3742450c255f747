@mutates
Feature: Process: renewal of a contract
  Whether a vehicle gets the new contract data after their renewal.

  Rule: After its renewal the vehicle holds the new data of a contract, and not the old [04_contract-certificate-pool.md § Processes]

    @SYS-FLOW-04
    Scenario: New data that the CPS signs
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      And new contract data for that contract
      When the vehicle is plugged in
      And the eMSP with own PKI has the new contract data signed
      And the vehicle is plugged in again
      Then the vehicle holds the new data of that contract alone

    @SYS-FLOW-04
    Scenario: New data that the eMSP stores
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      When the vehicle is plugged in
      And the eMSP with own PKI stores the new signed contract data
      And the vehicle is plugged in again
      Then the vehicle holds the new data of that contract alone

    @SYS-FLOW-04
    Scenario: New data that the operator generates
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And what the pool lists of that contract
      When the eMSP places that order again
      And its eMSP lists that contract afterwards
      And the vehicle is plugged in
      Then the pool lists that contract once, with another certificate
      And the vehicle holds that contract alone
