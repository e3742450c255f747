@mutates
Feature: Interface: services out of operation
  Whether a service says that it cannot answer where another one does not that it needs.

  Rule: That a service is out of operation is not told as something that is not there [cps.api.v1.contractDataGenerateAndSign.json#/put/responses; ERR-174]

    @SYS-ERR-06
    Scenario: A contract is ordered while the PCP is out of operation
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order while the pcp service is out of operation
      Then it is told that this cannot be answered now
