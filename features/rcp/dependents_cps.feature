@needs.admin @mutates
Feature: RCP: contracts below a deleted root (deleteRootCertificateV1)
  Whether the deletion of a root keeps new contracts below it out.

  Rule: No new certificate below a removed root is accepted [01_root-certificate-pool.md § Additional notes]

    @RCP-DEL-06
    Scenario: A contract that is to be signed afterwards
      Given a vehicle whose provisioning certificate is published
      And the administrator has registered the tester's own eMSP root
      And contract data for that vehicle, below the tester's own eMSP root
      And the administrator has deleted that root
      When the eMSP with own PKI has those contract data signed
      Then the request is refused
