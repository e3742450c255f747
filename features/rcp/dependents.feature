@needs.admin @mutates
Feature: RCP: certificates below a deleted root (deleteRootCertificateV1)
  Whether the deletion of a root leaves what was published below it, and keeps new certificates below it
  out.

  Background:
    Given the administrator has registered the tester's own OEM root
    And a vehicle of the OEM under the tester's own root

  Rule: Removing a root does not remove what hangs on it; an organisational process decides on that [01_root-certificate-pool.md § Additional notes]

    @RCP-DEL-05
    Scenario: A vehicle that was published before
      Given the OEM has published that vehicle
      When the administrator deletes that root
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And that vehicle is still there, though its root is not

  Rule: No new certificate below a removed root is accepted [01_root-certificate-pool.md § Additional notes]

    @RCP-DEL-06
    Scenario: A vehicle that is published afterwards
      Given the administrator has deleted that root
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused
      And the pool does not hold that vehicle
