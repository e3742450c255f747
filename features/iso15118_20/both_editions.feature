@mutates
Feature: ISO 15118-20: one vehicle in both editions
  Whether a vehicle that speaks ISO 15118-2 and ISO 15118-20 gets in each the contracts of that edition, and
  loses both together.

  Rule: In each edition the vehicle gets the contracts of that edition [ERR-085; ERR-097]

    @CCP-CIR-26
    Scenario: One contract in each
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle in ISO 15118-20
      When the vehicle is plugged in
      And the vehicle is plugged in for ISO 15118-20 as well
      Then the vehicle holds that contract alone
      And the vehicle holds the second contract alone in ISO 15118-20

    @CCP-CIR-26
    Scenario: One and the same contract in both
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And that contract in ISO 15118-20 as well
      When the vehicle is plugged in
      And the vehicle is plugged in for ISO 15118-20 as well
      Then the vehicle holds that contract alone
      And the vehicle holds that contract alone in ISO 15118-20

  Rule: What ends for the vehicle ends in both [04_contract-certificate-pool.md § 3. Delete a Contract Certificate; ERR-051]

    @CCP-DEL-01
    Scenario: The contract is withdrawn
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And that contract in ISO 15118-20 as well
      When the eMSP deletes that contract
      And the vehicle is plugged in
      And the vehicle is plugged in for ISO 15118-20 as well
      Then the vehicle holds no contract
      And the vehicle holds no contract in ISO 15118-20

    @PCP-DEL-04
    Scenario: The vehicle is scrapped
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle in ISO 15118-20
      When the OEM deletes that vehicle
      And its eMSP lists that contract until it is gone
      And the vehicle is plugged in
      And the vehicle is plugged in for ISO 15118-20 as well
      Then the vehicle holds no contract
      And the vehicle holds no contract in ISO 15118-20
