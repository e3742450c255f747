@needs.second-ecosystem
Feature: Pool collaboration: contracts (getSignedContractDataByCertificateInstallationReqV1, generateAndSignContractDataV1)
  Whether the CCP asks the pools of other ecosystems for contracts that it does not hold, as the broadcast
  header says, and whether contracts are made for vehicles of other ecosystems.

  Rule: What the own pool does not hold is asked of the pools of other ecosystems [02_PnC_business-processes.md § Pool Interoperability…]

    @POOL-CCP-01 @mutates
    Scenario: The vehicle is known here, the contract is not
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      When the vehicle asks all pools for contracts
      Then the answer is 200
      And that contract alone is delivered

    @POOL-CCP-01
    Scenario: Neither is known here
      Given a vehicle of beta whose provisioning certificate is published
      And a contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      When the vehicle asks all pools for contracts
      Then that contract alone is delivered

    @POOL-CCP-01
    Scenario: Vehicle and contract are in two other ecosystems
      Given a vehicle of beta whose provisioning certificate is published
      And a contract of the eMSP with own PKI of gamma for that vehicle, stored by itself
      When the vehicle asks all pools for contracts
      Then that contract alone is delivered

    @POOL-CCP-06
    Scenario: The vehicle can install it
      Given a vehicle of beta whose provisioning certificate is published
      And a contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      When the vehicle asks all pools for contracts
      Then the vehicle can install that contract

    @POOL-CCP-06 @needs.admin @mutates
    Scenario: The vehicle can install what was signed below a root of the other ecosystem
      Given the administrator has registered the V2G root of beta
      And a vehicle of beta whose provisioning certificate is published
      And a contract of the eMSP of beta for that vehicle
      When the vehicle asks all pools for contracts
      Then the vehicle can install that contract

    @POOL-CCP-07 @mutates
    Scenario: The own pool holds a contract
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks all pools for contracts
      And it is seen what the other pools were asked
      Then that contract alone is delivered
      And no other pool was asked

    @POOL-CCP-08 @mutates
    Scenario: Contracts here and elsewhere in ISO 15118-20
      Given a vehicle with secp521r1 keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      When the vehicle asks all pools for contracts
      Then the vehicle can install that contract

    @POOL-CCP-05
    Scenario: Nobody holds any
      Given a vehicle of beta whose provisioning certificate is published
      When the vehicle asks all pools for contracts, wanting no message if it fails
      And it is seen what the other pools were asked
      Then the request is refused with 404, or served as ERR-087 allows
      And no contract is delivered
      And every other pool was asked once

    @POOL-CCP-05
    Scenario: Nobody holds any, and the vehicle is told
      Given a vehicle of beta whose provisioning certificate is published
      When the vehicle asks all pools for contracts
      Then no contract is delivered
      And the vehicle is told of the failure

  Rule: The broadcast header says whether a request may be passed on, in the reading that is declared [ERR-080]

    @POOL-CCP-02
    Scenario: A request for all pools
      Given a vehicle of beta whose provisioning certificate is published
      When the vehicle asks all pools for contracts
      And it is seen what the other pools were asked
      Then every other pool was asked once
      And each request was marked as the CCP declares

    @POOL-CCP-02
    Scenario: A request for one pool
      Given a vehicle of beta whose provisioning certificate is published
      And a contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      When the vehicle asks this pool alone for contracts
      And it is seen what the other pools were asked
      Then no contract is delivered
      And no other pool was asked

    @POOL-CCP-03
    Scenario: A request that another pool has passed on
      Given a vehicle of beta whose provisioning certificate is published
      When the vehicle asks this pool alone for contracts by way of the peer pool, wanting no message if it fails
      And it is seen what the other pools were asked
      Then the request is refused with 404, or served as ERR-087 allows
      And no contract is delivered
      And no other pool was asked

    @POOL-CCP-03 @mutates
    Scenario: A request that another pool has passed on, and that can be met
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks this pool alone for contracts by way of the peer pool
      Then that contract alone is delivered

    @POOL-CCP-04
    Scenario Outline: A ring of pools
      Given a vehicle of beta whose provisioning certificate is published
      When the vehicle asks all pools for contracts by way of the <party>
      And it is seen what all pools were asked
      Then no contract is delivered
      And no pool was asked twice

      Examples:
        | party       |
        | CPO         |
        | CPO of beta |

    @POOL-CCP-04
    Scenario: A ring in which one pool reads the mark the other way
      Given a vehicle of beta whose provisioning certificate is published
      And gamma reads the mark of a broadcast the other way
      When the vehicle asks all pools for contracts
      And it is seen what the other pools were asked
      Then no contract is delivered
      And no pool was asked twice

    @POOL-CCP-03
    Scenario: What is shown to other pools
      Given a vehicle of beta whose provisioning certificate is published
      When the vehicle asks all pools for contracts
      And it is seen what the other pools were asked
      Then every other pool was asked once
      And each request bore a token of the pool that was asked

  Rule: A pool that fails spoils nothing [02_PnC_business-processes.md § Pool Interoperability…]

    @POOL-CCP-01
    Scenario Outline: One fails, another holds a contract
      Given a vehicle of gamma whose provisioning certificate is published
      And a contract of the eMSP with own PKI of gamma for that vehicle, stored by itself
      And beta <manner>
      When the vehicle asks all pools for contracts
      Then the vehicle can install that contract

      Examples:
        | manner                                                             |
        | cannot be reached                                                  |
        | is out of order                                                    |
        | never answers                                                      |
        | answers what is no JSON                                            |
        | breaks off in the middle                                           |
        | answers ten megabytes                                              |
        | delivers a contract of another vehicle, whoever asks               |
        | delivers a contract signed below a root nobody knows, whoever asks |

    @POOL-CCP-06
    Scenario Outline: A contract that does not hold
      Given a vehicle of gamma whose provisioning certificate is published
      And beta delivers <what>, whoever asks
      When the vehicle asks all pools for contracts
      Then no contract is delivered

      Examples:
        | what                                        |
        | a contract of another vehicle               |
        | a contract signed below a root nobody knows |

  Rule: Who makes contracts may make them for vehicles of other ecosystems [02_PnC_business-processes.md § Pool Interoperability…]

    @CPS-GEN-27 @mutates
    Scenario: A contract that the operator makes
      Given a vehicle of beta whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      Then the contract is taken

    @CPS-GEN-27 @mutates
    Scenario: A contract that the eMSP makes
      Given a vehicle of beta whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      Then the contract is taken
