@needs.admin @needs.clock @mutates
Feature: RCP: data cleansing
  Whether the pool removes a root that is no longer valid without being asked to.

  Rule: The pool checks regularly whether its roots are still valid [01_root-certificate-pool.md § 3. Data Cleansing]

    @RCP-CLN-01
    Scenario: An expired root leaves the pool by itself
      Given the administrator has registered a root that expires in 3 days
      When 3 days and the cleansing interval have passed
      And a party lists the root certificates afterwards
      Then the pool does not list that root
