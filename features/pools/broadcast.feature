Feature: Pool collaboration: the broadcast header (getProvisioningCertificateV1, generateAndSignContractDataV1)
  Whether the PCP refuses a broadcast header that is neither true nor false, and whether the CPS takes no
  notice of it.

  Rule: The broadcast header is true or false [pcp.api.v1.provisioningCertificateByPcid.json#/get/parameters/0/schema]

    @POOL-PCP-12
    Scenario: Neither
      Given a vehicle of the OEM
      When the eMSP reads that vehicle, with broadcast "x"
      Then the answer is 400

  Rule: A CPS has nothing to pass on, and takes no notice of the broadcast header [ERR-073]

    @POOL-CPS-01 @mutates
    Scenario Outline: An order with the mark
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order, with broadcast "<mark>"
      Then the contract is taken

      Examples:
        | mark  |
        | true  |
        | false |
