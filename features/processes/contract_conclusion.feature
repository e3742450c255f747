@mutates
Feature: Process: conclusion of a contract and assignment to a vehicle
  Whether a contract of an eMSP with its own PKI reaches the vehicle, from the provisioning certificate to
  the installation.

  Rule: An eMSP with its own PKI needs nothing but the PCID to bring a contract into the vehicle [02_PnC_business-processes.md § Contract Conclusion…]

    @SYS-FLOW-01 @needs.receiver
    Scenario: From the factory to the charging station
      Given a vehicle of the OEM
      And the OEM is subscribed to "oem.contract.created"
      And the eMSP with own PKI is subscribed to "mo.contract.delivered.to.oem"
      When the OEM publishes that vehicle
      And the eMSP with own PKI concludes a contract for that vehicle and has it signed
      And the vehicle is plugged in
      And every subscriber has received something
      Then the vehicle holds that contract alone
      And the OEM has been told "oem.contract.created" about that contract
      And the eMSP with own PKI has been told "mo.contract.delivered.to.oem" about that contract

    @SYS-FLOW-01
    Scenario: Two vehicles, each with a contract of its own
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a second contract of the eMSP with own PKI for the other vehicle
      When the eMSP with own PKI concludes a contract for that vehicle and has it signed
      And the vehicle is plugged in
      Then the vehicle holds that contract alone
