@needs.backend @mutates
Feature: eMSP backend: contract data for vehicles
  Whether the backend of an eMSP fetches and verifies the provisioning certificate, makes contract data that
  the vehicle can use, and has them signed and stored.

  Rule: The provisioning certificate is fetched before a contract is made for it [02_provisioning-certificate-pool.md § 4. Request…]

    @EMSP-01
    Scenario: The first contract for a vehicle
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      Then it had fetched the provisioning certificate before it had anything signed

    @EMSP-01
    Scenario: A second contract, after the vehicle got another key
      Given a vehicle whose provisioning certificate is published
      And the eMSP backend has concluded a contract for that vehicle
      And a new certificate of that vehicle with a new key
      When the OEM publishes the new certificate
      And the eMSP backend concludes a second contract for that vehicle
      Then it had fetched the provisioning certificate before it had anything signed

    @EMSP-01
    Scenario: A vehicle that is not there
      Given a vehicle of the OEM
      When the eMSP backend is asked for a contract for that vehicle
      Then it has looked for the vehicle and had nothing made or signed

  Rule: A provisioning certificate that leads to no known OEM root gets no contract [02_PnC_business-processes.md § Contract Conclusion…]

    @EMSP-02 @needs.admin
    Scenario: The root of a vehicle has left the root certificate pool
      Given the administrator has registered the tester's own OEM root
      And a vehicle of the OEM, under the tester's own root
      And the OEM has published that vehicle
      And the administrator has deleted that root
      When the eMSP backend is asked for a contract for that vehicle
      Then it has looked at the vehicle and had nothing made or signed

  Rule: The contract key is encrypted for the vehicle and sent with all that belongs to it [contractCertificateBundle.v1.json]

    @EMSP-03
    Scenario: The vehicle can use what was made for it
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      Then the bundle is complete, its chain without the root
      And the vehicle can decrypt the contract key

    @EMSP-03
    Scenario Outline: A vehicle of ISO 15118-20 can use what was made for it
      Given a vehicle with <algorithm> keys whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      Then the bundle is complete, its chain without the root
      And the vehicle can decrypt the contract key

      Examples:
        | algorithm |
        | secp521r1 |
        | Ed448     |

  Rule: What a CPS only signs the eMSP stores itself [02_PnC_business-processes.md § Provisioning of Contract Data]

    @EMSP-04
    Scenario: A CPS that stores nothing
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend has contract data for that vehicle signed only
      Then it has stored what was signed, unchanged

  Rule: Every contract has an EMAID of its own, with the provider id of the eMSP [02_PnC_business-processes.md § Contract Conclusion…]

    @EMSP-05
    Scenario: Contracts for two vehicles
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      And the eMSP backend concludes a second contract for the other vehicle
      Then each contract has an EMAID of its own, with the provider id of the eMSP

  Rule: OEM roots come from the root certificate pool [02_PnC_business-processes.md § Contract Conclusion…]

    @EMSP-08
    Scenario: The roots are brought up to date
      When the eMSP backend updates its roots
      Then it has read the OEM roots

  Rule: A contract is renewed under its EMAID, and removed by a deletion [04_contract-certificate-pool.md § 2. Update…, § 3. Delete…]

    @EMSP-09
    Scenario: A contract gets new data
      Given a vehicle whose provisioning certificate is published
      And the eMSP backend has concluded a contract for that vehicle
      When the eMSP backend renews that contract
      Then it has given that contract new data

    @EMSP-09
    Scenario: A contract ends
      Given a vehicle whose provisioning certificate is published
      And the eMSP backend has concluded a contract for that vehicle
      When the eMSP backend removes that contract
      Then it has removed that contract and no other

  Rule: Vehicles are looked up by PCID, contracts listed by EMAID [02_provisioning-certificate-pool.md § 5. Lookup…; ccp.api.v1.contractDataByEmaid.json]

    @EMSP-10
    Scenario: A vehicle that a customer names
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend looks that vehicle up
      Then it has looked that vehicle up

    @EMSP-10
    Scenario: What the pool has of a contract
      Given a vehicle whose provisioning certificate is published
      And the eMSP backend has concluded a contract for that vehicle
      When the eMSP backend lists that contract
      Then it has listed that contract

  Rule: After a factory reset it is the customer who decides on a new contract [06_webhook-service.md § Available Events]

    @EMSP-06 @needs.webhook
    Scenario: The vehicle of a contract is reset
      Given a vehicle whose provisioning certificate is published
      And the eMSP backend has concluded a contract for that vehicle
      When the eMSP backend is told that the vehicle was reset
      Then it has made no contract for that EMAID or that vehicle

  Rule: A new provisioning certificate is a reason to ask the customer, not to renew at once [06_webhook-service.md § Available Events]

    @EMSP-07 @needs.webhook
    Scenario: The vehicle of a contract gets a new certificate
      Given a vehicle whose provisioning certificate is published
      And the eMSP backend has concluded a contract for that vehicle
      When the eMSP backend is told of "mo.prov.cert.updated" about that contract
      Then it has made no contract
