@needs.second-ecosystem
Feature: Pool collaboration: provisioning certificates (getProvisioningCertificateV1, lookupVehicleV1)
  Whether the PCP asks the pools of other ecosystems for provisioning certificates that it does not hold,
  once and with the broadcast header, and verifies what they answer.

  Rule: What the own pool does not hold is asked of the pools of other ecosystems [02_PnC_business-processes.md § Pool Interoperability…]

    @POOL-PCP-01 @mutates
    Scenario: Held by another pool
      Given a vehicle of the OEM of beta
      And the OEM of beta has published that vehicle
      When the eMSP reads that vehicle
      Then the answer is 200
      And the answer holds the chain that was published

    @POOL-PCP-10
    Scenario Outline: Whether or not it is said that the request is no broadcast
      Given a vehicle of the OEM of beta
      And the OEM of beta has published that vehicle
      When the eMSP reads that vehicle<saying>
      Then the answer holds the chain that was published

      Examples:
        | saying                    |
        |                           |
        | , with broadcast "false"  |

    @POOL-PCP-07
    Scenario Outline: Not in the first pool that is asked
      Given a vehicle of the OEM of <place>
      And the OEM of <place> has published that vehicle
      When the eMSP reads that vehicle
      Then the answer holds the chain that was published

      Examples:
        | place   |
        | gamma   |
        | epsilon |

    @POOL-PCP-09
    Scenario: As the other pool hands it out
      Given a vehicle of the OEM with every optional member
      And the OEM of beta has published that vehicle
      When the eMSP reads that vehicle
      Then the answer holds the chain that was published

    @POOL-PCP-04
    Scenario: Held by nobody
      Given a vehicle of the OEM
      When the eMSP reads that vehicle
      And it is seen what the other pools were asked
      Then the answer is 404 with an error body
      And every other pool was asked once

    @POOL-PCP-05 @mutates
    Scenario: Held by the own pool
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the eMSP reads that vehicle
      And it is seen what the other pools were asked
      Then the answer holds the chain that was published
      And no other pool was asked

  Rule: A request that is passed on is marked, and is not passed on again [pcp.api.v1.provisioningCertificateByPcid.json#/get/parameters/0; ERR-080]

    @POOL-PCP-02
    Scenario: The mark
      Given a vehicle of the OEM
      When the eMSP reads that vehicle
      And it is seen what the other pools were asked
      Then every other pool was asked once
      And each request was marked as one that is not passed on again

    @POOL-PCP-03
    Scenario Outline: A marked request about a vehicle that is not held
      Given a vehicle of the OEM
      When the <party> reads that vehicle in this pool alone
      And it is seen what the other pools were asked
      Then the answer is 404
      And no other pool was asked

      Examples:
        | party     |
        | eMSP      |
        | peer pool |

    @POOL-PCP-03 @mutates
    Scenario: A marked request about a vehicle that is held
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the peer pool reads that vehicle in this pool alone
      Then the answer holds the chain that was published

    @POOL-PCP-06
    Scenario Outline: A ring of pools
      Given a vehicle of the OEM
      When the <party> reads that vehicle
      And it is seen what all pools were asked
      Then the answer is 404
      And no pool was asked twice

      Examples:
        | party        |
        | eMSP         |
        | eMSP of beta |

  Rule: Pools know each other by accounts of their own [04_authentication.md § Authentication; ERR-152]

    @POOL-PCP-11
    Scenario Outline: A pool that is not onboarded
      Given a vehicle of the OEM
      When a pool with <token> reads that vehicle in this pool alone
      Then the answer is 401

      Examples:
        | token           |
        | no token        |
        | a token of beta |

    @POOL-PCP-11
    Scenario: What is shown to other pools
      Given a vehicle of the OEM
      When the eMSP reads that vehicle
      And it is seen what the other pools were asked
      Then every other pool was asked once
      And each request bore a token of the pool that was asked

    @HDR-FROM-01
    Scenario: Who has asked first
      Given a vehicle of the OEM
      When the eMSP reads that vehicle, naming itself in the party headers
      And it is seen what the other pools were asked
      Then every other pool was asked once
      And each request named the eMSP as the one who has asked first

  Rule: A pool that fails spoils nothing [02_PnC_business-processes.md § Pool Interoperability…]

    @POOL-PCP-08
    Scenario Outline: One fails, another holds the vehicle
      Given a vehicle of the OEM of gamma
      And the OEM of gamma has published that vehicle
      And beta <manner>
      When the eMSP reads that vehicle
      Then the answer holds the chain that was published

      Examples:
        | manner                                            |
        | cannot be reached                                 |
        | is out of order                                   |
        | is overloaded                                     |
        | refuses us                                        |
        | never answers                                     |
        | answers nothing                                   |
        | answers what is no JSON                           |
        | answers deeply nested JSON                        |
        | answers an object without certificates            |
        | answers ten megabytes                             |
        | redirects to delta                                |
        | hands out another vehicle, whichever is asked for |

    @POOL-PCP-08
    Scenario Outline: Nobody else holds the vehicle
      Given a vehicle of the OEM of beta
      And the OEM of beta has published that vehicle
      And beta <manner>
      When the eMSP reads that vehicle
      Then no certificate is handed out

      Examples:
        | manner                                            |
        | cannot be reached                                 |
        | is out of order                                   |
        | breaks off in the middle                          |
        | hands out another vehicle, whichever is asked for |

    @POOL-PCP-08
    Scenario: All are slow
      Given a vehicle of the OEM of epsilon
      And the OEM of epsilon has published that vehicle
      And every other pool answers after a second
      When the eMSP reads that vehicle, and the time is taken
      Then that vehicle was found sooner than by waiting for one pool after the other

  Rule: A chain of another pool is held against the own root certificate pool [02_PnC_business-processes.md § Contract Conclusion…]

    @POOL-PCP-13 @needs.admin @mutates
    Scenario: A root of the other ecosystem that the own pool knows
      Given the administrator has registered the OEM root of beta
      And a vehicle of the OEM of beta, below a root of beta
      And the OEM of beta has published that vehicle
      And the list of all root certificates
      When the eMSP reads that vehicle
      Then the chain in the answer leads to a root of the list

    @POOL-PCP-13
    Scenario: A root that the own pool does not know
      Given a vehicle of the OEM, under a root nobody knows
      And beta hands out that vehicle, whichever is asked for
      When the eMSP reads that vehicle
      Then no certificate is handed out

  Rule: A look-up is about the own pool [pcp.api.v1.lookupVehicleByPcid.json#/get/parameters]

    @POOL-LOOK-01
    Scenario: A vehicle of another pool
      Given a vehicle of the OEM of beta
      And the OEM of beta has published that vehicle
      When the eMSP looks up that vehicle
      Then the answer is 404 or 200
