@mutates
Feature: CCP: deliver to the CPO by CertificateInstallationReq (getSignedContractDataByCertificateInstallationReqV1)
  Whether the request of a vehicle at a charging station is answered with contract data that the vehicle can
  install, and with none where there are none, or none for this vehicle.

  Rule: The vehicle gets its own contract, ready to be installed [ccp.api.v1.signedContractData.json#/post]

    @CCP-CIR-01 @CCP-CIR-06
    Scenario: A vehicle with one contract
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then the answer is 200
      And that contract alone is delivered

    @CCP-CIR-02
    Scenario: Two vehicles
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the eMSP for the other vehicle
      When the vehicle asks for contracts at a charging station
      Then that contract alone is delivered

    @CCP-CIR-03
    Scenario: Signature, certificates and key hold
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then the vehicle can install that contract

    @CCP-CIR-04
    Scenario: The message belongs to the session of the request
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then the message delivered carries the session of the request

    @CCP-CIR-23
    Scenario: Asking twice
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      And the vehicle asks for contracts at a charging station afterwards
      Then the answer is 200
      And that contract alone is delivered

  Rule: ISO 15118-2 has room for one contract, the default [getSignedContractDataRes.v1.json#/properties/signedContractDataCollection]

    @CCP-CIR-05
    Scenario: Of two contracts the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And the OEM has made the second contract the default
      When the vehicle asks for contracts at a charging station
      Then the second contract alone is delivered

    @CCP-CIR-05
    Scenario: Of two contracts without a default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then at most one of both contracts is delivered

  Rule: In ISO 15118-20 the vehicle gets all of its contracts [getSignedContractDataRes.v1.json#/properties/signedContractDataCollection]

    @CCP-CIR-07
    Scenario Outline: Two contracts of two eMSPs
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the vehicle asks for contracts at a charging station
      Then both contracts are delivered, each as an item of its own
      And the vehicle can install that contract
      And the vehicle can install the second contract

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

    @CCP-CIR-07
    Scenario: The contract that the vehicle wants first
      Given a vehicle with secp521r1 keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the vehicle asks for contracts, wanting the second contract first
      Then both contracts are delivered, each as an item of its own

    @CCP-CIR-26
    Scenario: Contracts of both editions are kept apart
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle in ISO 15118-20
      When the vehicle asks for contracts at a charging station
      And the vehicle asks for contracts in ISO 15118-20 as well
      Then that contract alone is delivered
      And the second contract alone is delivered in ISO 15118-20

  Rule: What is stored is ready to be sent; no CPS has to be asked [03_publications-and-repository-responsibilities.md § The Contract…]

    @CCP-STO-01
    Scenario Outline: Signed by a CPS that cannot be reached
      Given a <vehicle> whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      When <delivered>
      Then the answer is 200
      And the message delivered is signed as it was when it was stored

      Examples:
        | vehicle                     | delivered                                            |
        | vehicle                     | the vehicle asks for contracts at a charging station |
        | vehicle                     | the OEM fetches that contract                        |
        | vehicle with secp521r1 keys | the vehicle asks for contracts at a charging station |

  Rule: The root above the CPS is one that the vehicle trusts, if there is a choice [ERR-096; README.md § OPNC enables…]

    @CCP-CIR-24
    Scenario: A contract signed below two roots
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      And a contract of the eMSP with own PKI for that vehicle, signed below each V2G root on offer
      When the vehicle asks for contracts, trusting the last of these roots alone
      Then the contract is delivered below that root

  Rule: What is not valid now is not delivered [02_PnC_business-processes.md § Providing Signed Contract Data…]

    @CCP-CIR-08 @needs.clock
    Scenario: The contract has expired
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle that ends in 3 days
      # The certificate of a contract may outlive it by a day (ERR-066), and the pool goes by the certificate.
      When 5 days have passed
      And the vehicle asks for contracts at a charging station
      Then no contract is delivered

    @CCP-CIR-09 @needs.ocsp
    Scenario: The contract is revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the certificate of that contract is revoked
      And the vehicle asks for contracts at a charging station
      Then no contract is delivered

    @CCP-CIR-17 @needs.ocsp
    Scenario: The provisioning certificate is revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the certificate of that vehicle is revoked
      And the vehicle asks for contracts at a charging station
      Then no contract is delivered

    @CCP-CIR-17 @needs.clock
    Scenario: The provisioning certificate has expired
      Given a vehicle of the OEM that lasts for 3 days
      And the OEM has published that vehicle
      And a contract of the eMSP for that vehicle
      When 4 days have passed
      And the vehicle asks for contracts at a charging station
      Then no contract is delivered

    @CCP-CIR-17
    Scenario: The provisioning certificate is unknown
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When an impostor of that vehicle asks for contracts
      Then no contract is delivered

    @CCP-CLN-03 @needs.ocsp
    Scenario: The certificate of the CPS is revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      When the certificate of the CPS is revoked
      And the vehicle asks for contracts at a charging station
      Then no contract is delivered

  Rule: A request that is none, or is not signed by the vehicle, yields no contract [ccp.api.v1.signedContractData.json#/post/responses/400]

    Scenario Outline: A request that is none
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle sends a request <flaw>, wanting no message if it fails
      Then the answer is 400

      Examples:
        | requirement | flaw                                     |
        | CCP-CIR-11  | that is no EXI                           |
        | CCP-CIR-12  | that is no base64                        |
        | CCP-CIR-13  | without certificateInstallationReq       |
        | CCP-CIR-13  | with an empty certificateInstallationReq |
        | CCP-CIR-14  | without xsdMsgDefNamespace               |
        | CCP-CIR-14  | with an empty xsdMsgDefNamespace         |
        | CCP-CIR-15  | under the namespace of ISO 15118-20      |
        | CCP-CIR-15  | that is a CertificateInstallationRes     |

    @SYS-OUT-01
    Scenario: A request that OPNC has no operation for
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle sends a request that is a CertificateUpdateReq, wanting no message if it fails
      Then the request is refused, or fails as ERR-177 allows

    @CCP-CIR-16
    Scenario Outline: The vehicle has not signed it
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle sends a request <flaw>
      Then no contract is delivered

      Examples:
        | flaw                                   |
        | whose signature is broken              |
        | signed with the key of another vehicle |
        | that was changed once it was signed    |

  Rule: The vehicle is told of a failure in its own language, unless the CPO wants it otherwise [ERR-081]

    @CCP-CIR-25
    Scenario Outline: A message, unless it is not wanted
      Given a vehicle whose provisioning certificate is published
      When the vehicle asks for contracts at a <place>
      Then no contract is delivered
      And the vehicle is told of the failure

      Examples:
        | requirement | place                                                |
        | CCP-CIR-18  | charging station, wanting a message even if it fails |
        | CCP-CIR-19  | charging station                                     |

    @CCP-CIR-25
    Scenario: In ISO 15118-20
      Given a vehicle with secp521r1 keys whose provisioning certificate is published
      When the vehicle asks for contracts at a charging station
      Then the vehicle is told of the failure

    @CCP-CIR-10 @CCP-CIR-20
    Scenario: By HTTP alone
      Given a vehicle whose provisioning certificate is published
      When the vehicle asks for contracts at a charging station, wanting no message if it fails
      Then the request is refused with 404, or served as ERR-087 allows
      And no contract is delivered
      And the failure is told by HTTP alone

    @CCP-CIR-21
    Scenario: Neither yes nor no
      Given a vehicle whose provisioning certificate is published
      When the vehicle asks for contracts at a charging station, with alwaysReturnEXI "maybe"
      Then the answer is 400

  Rule: The eMSP that has subscribed is told of the delivery [06_webhook-service.md § Available Events]

    @CCP-CIR-22 @needs.receiver
    Scenario: A delivery
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the vehicle asks for contracts at a charging station
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.delivered.to.oem" about that contract
