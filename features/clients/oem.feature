@needs.backend
Feature: OEM backend: vehicles, their roots and their default contract
  Whether the backend of an OEM publishes, updates and deletes the provisioning certificates of its
  vehicles, keeps their trust stores, and sets their default contract.

  Rule: Every vehicle is published under a PCID of its own, together with its chain [02_PnC_business-processes.md § Production of Vehicles…]

    @OEM-01 @mutates
    Scenario: Two vehicles
      Given the roots that vehicles may stand under
      When the OEM backend publishes a vehicle
      And the OEM backend publishes another vehicle
      Then both came with a chain that leads to one of these roots
      And each has a PCID of its own

  Rule: The trust stores of vehicles hold the V2G roots of the root certificate pool [02_PnC_business-processes.md § Production of Vehicles…]

    @OEM-02
    Scenario: The trust stores are brought up to date
      When the OEM backend updates the trust stores of its vehicles
      Then it has read the V2G roots

  Rule: A vehicle is renewed by an update and removed by a deletion [02_provisioning-certificate-pool.md § 2. Update…]

    @OEM-04 @mutates
    Scenario: A vehicle gets a new provisioning certificate
      Given the OEM backend has published a vehicle
      When the OEM backend renews that vehicle
      Then another certificate was published for the same PCID

    @OEM-04 @mutates
    Scenario: A vehicle is scrapped
      Given the OEM backend has published a vehicle
      When the OEM backend removes that vehicle
      Then it has deleted that vehicle and no other

  Rule: Of several contracts the user chooses the one that the vehicle charges with [contractCertificateData.v1.json#/properties/defaultContract]

    @OEM-05 @mutates
    Scenario: The second of two contracts
      Given the OEM backend has published a vehicle
      And two contracts of the eMSP for that vehicle
      When the OEM backend makes the second contract the default
      Then it has made the second contract the default of that vehicle

  Rule: Contracts for its vehicles are fetched from the contract certificate pool [ccp.api.v1.signedContractDataByEmaidAndPcid.json#/get]

    @OEM-07 @mutates @needs.webhook
    Scenario Outline: An event about a contract
      Given the OEM backend has published a vehicle
      And a contract of the eMSP for that vehicle
      When the OEM backend is told of "<event>" about that contract
      Then it has fetched that contract

      Examples:
        | event                |
        | oem.contract.created |
        | oem.contract.updated |

    @OEM-08 @mutates
    Scenario: The user looks for contracts
      Given the OEM backend has published a vehicle
      And a contract of the eMSP for that vehicle
      When the OEM backend lists the contracts of that vehicle
      Then it has listed the contracts of that vehicle

    @OEM-08 @mutates
    Scenario: The user installs a contract
      Given the OEM backend has published a vehicle
      And a contract of the eMSP for that vehicle
      When the OEM backend fetches that contract
      Then it has fetched that contract

  Rule: What is expired or revoked is not installed [ccp.api.v1.signedContractDataByEmaidAndPcid.json#/get/description]

    @OEM-03 @mutates @needs.ocsp
    Scenario: A contract whose status the tester tells
      Given the OEM backend has published a vehicle
      And a contract of the eMSP with own PKI for that vehicle
      When the OEM backend brings that contract to its vehicle
      Then it has asked for the status of the contract
