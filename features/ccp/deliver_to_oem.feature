@mutates
Feature: CCP: deliver to the OEM by EMAID and PCID (getSignedContractDataByEmaidAndPcidV1)
  Whether the backend of the OEM gets the signed contract data of its vehicle, for the session it names, and
  nothing of others, and whether the eMSP is told.

  Rule: The OEM fetches signed contract data without a request of the vehicle [ccp.api.v1.signedContractDataByEmaidAndPcid.json#/get/description]

    @CCP-SCD-01
    Scenario: A contract of its vehicle
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the OEM fetches that contract
      Then the answer is 200
      And that contract alone is delivered

    @CCP-SCD-11
    Scenario: A contract that is not the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the OEM fetches the second contract
      Then the second contract alone is delivered

    @CCP-SCD-08
    Scenario Outline: The edition of ISO 15118 that is asked for
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And that contract in ISO 15118-20 as well
      When the OEM fetches <what>
      Then the message delivered is of <edition>

      Examples:
        | what                                                                 | edition      |
        | that contract                                                        | ISO 15118-2  |
        | that contract with xsdMsgDefNamespace "urn:iso:15118:2:2013:MsgDef"  | ISO 15118-2  |
        | that contract with xsdMsgDefNamespace "urn:iso:15118:20:2020:MsgDef" | ISO 15118-20 |

    @CCP-SCD-09
    Scenario: The V2G root that is asked for
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      And a contract of the eMSP with own PKI for that vehicle, signed below each V2G root on offer
      When the OEM fetches it below each of these roots
      Then each was delivered below the root asked for

  Rule: The OEM may name the session that the message is for [ccp.api.v1.signedContractDataByEmaidAndPcid.json#/get/parameters/6]

    @CCP-SCD-02 @CCP-SCD-10
    Scenario Outline: A session
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the OEM fetches that contract with sessionID "<session>"
      Then the message delivered carries the session "<session>"
      And the vehicle can install that contract

      Examples:
        | session  |
        | 00       |
        | 01020304 |
        | A1b2C3d4 |

    @CCP-SCD-02 @CCP-SCD-10
    Scenario: A session of eight bytes
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the OEM fetches that contract with sessionID "0102030405060708"
      Then the message delivered carries the session "0102030405060708", or is refused as ERR-083 allows
      And the vehicle can install that contract, if it is delivered

    @CCP-SCD-03 @CCP-SCD-10
    Scenario Outline: No session
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the OEM fetches <what>
      Then the answer is 200
      And the vehicle can install that contract

      Examples:
        | what                            |
        | that contract                   |
        | that contract with sessionID "" |

    @CCP-SCD-04
    Scenario Outline: What is no session
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the OEM fetches that contract with sessionID "<session>"
      Then the answer is 400

      Examples:
        | session            |
        | XYZ                |
        | 010203040506070809 |
        | 0x01               |

  Rule: What is not there, or not the OEM's, is not delivered [ccp.api.v1.signedContractDataByEmaidAndPcid.json#/get/responses]

    Scenario Outline: Ids that are none
      When the OEM fetches the contract "<emaid>" of the vehicle "<pcid>"
      Then the answer is 400

      Examples:
        | requirement | emaid          | pcid             |
        | CCP-SCD-05  | DEABC123456789 | WDB4567890123456 |
        | CCP-SCD-06  | DEABC12345678  | WDB45678901234567 |

    @CCP-SCD-07
    Scenario: A contract of another vehicle
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the OEM fetches that contract for the other vehicle
      Then the answer is 404 with an error body

    @CCP-SCD-07
    Scenario: A contract that nobody has
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the OEM fetches that contract
      Then the answer is 404 with an error body

    @CCP-SCD-13 @AUTH-OWN-01
    Scenario: A vehicle of another OEM
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the other OEM fetches that contract
      Then the request is refused, for it is about something of another

  Rule: The eMSP that has subscribed is told of the delivery [06_webhook-service.md § Available Events]

    @CCP-SCD-12 @needs.receiver
    Scenario: A delivery
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the OEM fetches that contract
      And every subscriber has received something
      Then the eMSP has been told "mo.contract.delivered.to.oem" about that contract
