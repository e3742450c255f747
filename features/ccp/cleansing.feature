@mutates
Feature: CCP: data cleansing
  Whether contracts that are no longer valid are removed from the pool without being asked for.

  Rule: What has ended leaves the pool [04_contract-certificate-pool.md § Data Cleansing]

    @CCP-CLN-01 @needs.clock
    Scenario: A contract that has expired
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle that ends in 3 days
      # The certificate of a contract may outlive it by a day (ERR-066), and the pool goes by the certificate.
      When 5 days and the cleansing interval have passed
      And its eMSP lists that contract afterwards
      Then the pool does not list that contract

    @CCP-CLN-02 @needs.clock @needs.ocsp
    Scenario: A contract that was revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the certificate of that contract is revoked
      And 1 days and the cleansing interval have passed
      And its eMSP lists that contract afterwards
      Then the pool does not list that contract
