@mutates
Feature: Multi-root: several roots side by side
  Whether the RCP holds several roots of each type, and whether vehicles and contracts below any of them are
  served.

  Rule: The root certificate pool holds several roots of each type [README.md § OPNC enables…]

    @POOL-MR-01 @needs.admin
    Scenario: Two further roots of each type
      Given the administrator has registered two further roots of type V2G, OEM and eMSP each
      When a party lists the root certificates
      Then the list holds each of the further roots

  Rule: Vehicles may be below any of the roots that are known, and roots are told apart by their keys [README.md § OPNC enables…]

    @POOL-MR-02
    Scenario: Below a V2G root
      Given a vehicle of the OEM under a V2G root
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then that vehicle is stored, or refused as ERR-048 allows

    @POOL-MR-02
    Scenario: Below a Sub-CA that a known root has certified too
      Given a vehicle of the OEM below a Sub-CA of an unknown root, certified by a known one too
      When the OEM publishes that vehicle
      Then the answer is 200

    @POOL-MR-02 @needs.admin
    Scenario: Below a root that has just become known
      Given the administrator has registered the tester's own OEM root
      And a vehicle of the OEM under the tester's own root
      When the OEM publishes that vehicle
      Then the answer is 200

    @POOL-MR-02 @needs.admin
    Scenario: Below the second of two roots with one name
      Given the administrator has registered a second OEM root with the name of a known one
      And a vehicle of the OEM under a root with the name of a known one
      When the OEM publishes that vehicle
      Then the answer is 200

    @POOL-MR-02 @needs.admin
    Scenario: Below the first of two roots with one name
      Given the administrator has registered a second OEM root with the name of a known one
      And a vehicle of the OEM
      When the OEM publishes that vehicle
      Then the answer is 200

    @POOL-MR-02 @needs.admin @needs.second-ecosystem
    Scenario: Below a root of another ecosystem
      Given the administrator has registered the OEM root of beta
      And a vehicle of the OEM, below a root of beta
      When the OEM publishes that vehicle
      Then the answer is 200

    @POOL-PCP-13 @needs.admin @needs.second-ecosystem
    Scenario: A root that has left the own root certificate pool and is in those of others
      Given the administrator has registered the OEM root of beta
      And a vehicle of the OEM of beta, below a root of beta
      And the OEM of beta has published that vehicle
      And the administrator has deleted that root
      When the eMSP reads that vehicle
      Then no certificate is handed out

  Rule: Contracts may be below any of the roots that are known [05_v2g-pki-services.md § Contract leaf certificates]

    @POOL-MR-03
    Scenario Outline: Below a root of either type
      Given a vehicle whose provisioning certificate is published
      And contract data for that vehicle, below <root>
      When the eMSP with own PKI has those contract data signed
      Then the contract is taken

      Examples:
        | root         |
        | an eMSP root |
        | a V2G root   |

    @POOL-MR-03 @needs.admin @needs.second-ecosystem
    Scenario Outline: Below a contract root of another ecosystem
      Given the administrator has registered the <type> root of beta
      And a vehicle whose provisioning certificate is published
      And contract data for that vehicle, below the <type> root of beta
      When the eMSP with own PKI has those contract data signed
      Then the contract is taken

      Examples:
        | type |
        | eMSP |
        | V2G  |

    @POOL-MR-04
    Scenario: One contract signed below several V2G roots
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      And a contract of the eMSP with own PKI for that vehicle, signed below each V2G root on offer
      When the OEM fetches it below each of these roots
      Then each was delivered below the root asked for
