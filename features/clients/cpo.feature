@needs.backend
Feature: CPO backend: forwarding, roots and SECC certificates
  Whether the backend of a CPO hands on messages of vehicles, keeps the roots of its charge points, and
  enrols SECC certificates.

  Rule: The request of a vehicle reaches the contract pool unchanged, and the answer the charge point [getSignedContractDataReq.v1.json]

    @CPO-01 @mutates
    Scenario: A vehicle has its contract installed
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the CPO backend is handed the request of that vehicle by a charge point
      Then it has passed the request on with its namespace, byte for byte
      And the charge point got the answer of the pool, byte for byte

    @CPO-01 @mutates
    Scenario Outline: A vehicle of ISO 15118-20 has its contract installed
      Given a vehicle with <algorithm> keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the CPO backend is handed the request of that vehicle by a charge point
      Then it has passed the request on with its namespace, byte for byte
      And the charge point got the answer of the pool, byte for byte

      Examples:
        | algorithm |
        | secp521r1 |
        | Ed448     |

    @CPO-05 @mutates
    Scenario: A vehicle without a contract
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And another vehicle whose provisioning certificate is published
      When the CPO backend is handed the request of that vehicle by a charge point
      And the CPO backend is handed the request of the other vehicle by a charge point
      Then the charge point got the refusal

  Rule: Charge points get the V2G and eMSP roots of the root certificate pool [ERR-010; ERR-013]

    @CPO-02
    Scenario: The roots are brought up to date
      When the CPO backend updates the roots of its charge points
      Then it has read the V2G and eMSP roots

  Rule: The root certificate pool is read again when its roots change [06_webhook-service.md § Available Events]

    @CPO-03 @needs.webhook
    Scenario Outline: An event about a root
      When the CPO backend is told of "<event>"
      Then it has read the root certificate pool

      Examples:
        | event             |
        | root.cert.added   |
        | root.cert.expired |
        | root.cert.revoked |

    @HOOK-RCV-03 @needs.webhook
    Scenario: An event that somebody else has signed
      When the CPO backend is told of "root.cert.added" signed with another secret
      Then it has read nothing

  Rule: A SECC certificate is enrolled for the EVSE ID and in the name of an organization [05_v2g-pki-services.md § EVSE leaf certificates…]

    @CPO-04 @mutates
    Scenario: A new charge point
      When the CPO backend enrols a new charge point
      Then it has asked the PKI for a certificate of that EVSE ID
      And the request names an organization
