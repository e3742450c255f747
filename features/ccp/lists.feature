@mutates
Feature: CCP: list contract data (getContractDataByEmaidV1, getContractDataByPcidV1)
  Whether an eMSP sees what is stored of its contract, and an OEM which contracts its vehicle has, each as
  the filters ask and nothing of others.

  Rule: An eMSP sees what is stored of its contract [ccp.api.v1.contractDataByEmaid.json#/get]

    @CCP-EMAID-01
    Scenario: A contract
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP lists that contract
      Then the answer is 200
      And the answer lists that contract

    @CCP-EMAID-08
    Scenario: The list agrees with the signed data
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP lists that contract
      And the OEM fetches that contract afterwards
      Then the answer agrees with the signed data

    @CCP-EMAID-02
    Scenario Outline: The edition of ISO 15118 that is asked for
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And that contract in ISO 15118-20 as well
      When the eMSP lists <what>
      Then the answer lists that contract in <edition> alone

      Examples:
        | what                                                                 | edition      |
        | that contract                                                        | ISO 15118-2  |
        | that contract with xsdMsgDefNamespace "urn:iso:15118:2:2013:MsgDef"  | ISO 15118-2  |
        | that contract with xsdMsgDefNamespace "urn:iso:15118:20:2020:MsgDef" | ISO 15118-20 |

    @CCP-EMAID-03
    Scenario: The V2G root that is asked for
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      And a contract of the eMSP with own PKI for that vehicle, signed below each V2G root on offer
      When the eMSP with own PKI lists it below each of these roots
      Then each answer lists the contract below the root asked for alone

    Scenario Outline: Values that are none
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP lists that contract with <parameter> "<value>"
      Then the request is refused with 400

      Examples:
        | requirement  | parameter                        | value   |
        | CCP-EMAID-07 | xsdMsgDefNamespace               | urn:foo |
        | CCP-EMAID-07 | cpsV2GRootCertificateFingerprint | 0123456789012345678901234567890123456789012345678901234567890ab |

    @CCP-EMAID-04
    Scenario: An EMAID of 13 characters
      When the eMSP lists the contract "DEABC12345678"
      Then the answer is 400

    @CCP-EMAID-05
    Scenario: A contract that nobody has
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP lists that contract
      Then the answer lists nothing

    @CCP-EMAID-09
    Scenario Outline: A contract whose EMAID begins alike
      Given a vehicle with secp521r1 keys whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And a further contract of the eMSP with own PKI for that vehicle, whose EMAID begins like that
      When the eMSP with own PKI <does>
      And its eMSP lists <what> in its edition afterwards
      Then the pool lists <what> alone

      Examples:
        | does                               | what                 |
        | lists that contract in its edition | that contract        |
        | deletes that contract              | the further contract |

    @CCP-EMAID-06 @AUTH-OWN-02
    Scenario: A contract of another eMSP
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the other eMSP lists that contract
      Then the request is refused, for it is about something of another

  Rule: An OEM sees which contracts its vehicle has [ccp.api.v1.contractDataByPcid.json#/get]

    @CCP-PCID-01
    Scenario: Two contracts
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the OEM lists the contracts of that vehicle
      Then the answer is 200
      And the answer lists both contracts

    @CCP-PCID-07
    Scenario: A dozen contracts
      Given a vehicle whose provisioning certificate is published
      And 12 contracts of the eMSP for that vehicle
      When the OEM lists the contracts of that vehicle
      Then the answer lists all of them, each once

    @CCP-PCID-02
    Scenario: At most one is the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the OEM lists the contracts of that vehicle
      Then at most one of the contracts listed is the default

    @CCP-PCID-02
    Scenario: The one chosen is the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And the OEM has made the second contract the default
      When the OEM lists the contracts of that vehicle
      Then the answer lists the second contract alone as the default

    @CCP-PCID-03
    Scenario Outline: The edition that the OEM asks for
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And that contract in ISO 15118-20 as well
      When the OEM lists <what>
      Then the answer lists that contract in <edition> alone

      Examples:
        | what                                                                                 | edition      |
        | the contracts of that vehicle                                                        | ISO 15118-2  |
        | the contracts of that vehicle with xsdMsgDefNamespace "urn:iso:15118:2:2013:MsgDef"  | ISO 15118-2  |
        | the contracts of that vehicle with xsdMsgDefNamespace "urn:iso:15118:20:2020:MsgDef" | ISO 15118-20 |

    @CCP-PCID-04
    Scenario: A PCID of 16 characters
      When the OEM lists the contracts of the vehicle "WDB4567890123456"
      Then the answer is 400

    @CCP-PCID-05
    Scenario: A vehicle without a contract
      Given a vehicle whose provisioning certificate is published
      When the OEM lists the contracts of that vehicle
      Then the answer lists nothing

    @CCP-PCID-06 @AUTH-OWN-01
    Scenario: A vehicle of another OEM
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the other OEM lists the contracts of that vehicle
      Then the request is refused, for it is about something of another
