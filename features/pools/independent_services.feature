@mutates
Feature: Interface: services of different operators
  Whether services of different operators make up an ecosystem by the operations of OPNC alone: with a target
  file that names one of them, all others are simulators.

  Rule: Services may be run by different operators [README.md § Introduction]

    @POOL-MR-05
    Scenario: From the PCP by way of CPS and CCP into the vehicle
      Given a vehicle of the OEM
      And contract data of the eMSP with own PKI for that vehicle
      When the OEM publishes that vehicle
      And the eMSP with own PKI has those contract data signed
      And the vehicle is plugged in
      Then the vehicle holds that contract alone

    @POOL-MR-05
    Scenario: What the CPS generates
      Given a vehicle whose provisioning certificate is published
      When the eMSP orders a contract for that vehicle
      And the vehicle is plugged in
      Then the vehicle holds that contract alone

    @POOL-MR-05 @needs.admin
    Scenario: A vehicle below a root that the RCP has just got
      Given the administrator has registered the tester's own OEM root
      And a vehicle of the OEM, under the tester's own root
      When the OEM publishes that vehicle
      Then the answer is 200

    @POOL-MR-05
    Scenario: A vehicle whose certificate the PKI has issued
      Given the OEM has enrolled a certificate of the domain oem
      And that certificate is the provisioning certificate of a vehicle
      When the OEM publishes that vehicle
      Then the answer is 200
