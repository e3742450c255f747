@mutates
Feature: Process: end of a contract
  Whether a contract that is withdrawn, revoked or expired is installed in no vehicle any more.

  Rule: A contract that has ended reaches no vehicle [04_contract-certificate-pool.md § Processes, § Data Cleansing]

    @SYS-FLOW-04
    Scenario: It was withdrawn
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP deletes that contract
      And the vehicle is plugged in
      Then the vehicle holds no contract

    @CCP-CLN-01 @needs.clock
    Scenario: Its time is over
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle that ends in 3 days
      # The certificate of a contract may outlive it by a day (ERR-066), and the pool goes by the certificate.
      When 5 days and the cleansing interval have passed
      And its eMSP lists that contract afterwards
      And the vehicle is plugged in
      Then the pool does not list that contract
      And the vehicle holds no contract

    @CCP-CLN-02 @needs.clock @needs.ocsp
    Scenario: Its certificate was revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the certificate of that contract is revoked
      And the cleansing interval has passed
      And its eMSP lists that contract afterwards
      And the vehicle is plugged in
      Then the pool does not list that contract
      And the vehicle holds no contract
