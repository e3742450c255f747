@mutates
Feature: PKI: revoke a certificate (revokeCertV1)
  Whether a party can revoke its own leaf certificates for each published reason, nothing else, and whether
  the pools follow.

  Background:
    Given the CPO has enrolled a certificate of the domain cpo

  Rule: A party revokes its own certificates [pki.api.v1.revokeCert.json#/post]

    @PKI-REVOKE-01
    Scenario: A certificate of one's own
      When the CPO revokes that certificate
      Then the answer is 200

    @PKI-REVOKE-02
    Scenario: Everybody learns of it by OCSP
      When the CPO revokes that certificate for the reason keyCompromise
      And the status of that certificate is asked for
      Then the answer is 200
      And the responder tells that it is revoked for the reason keyCompromise

    @PKI-REVOKE-16
    Scenario Outline: Certificates of every kind
      Given the <party> has enrolled another certificate of the domain <domain>
      When the <party> revokes the other certificate
      And the status of the other certificate is asked for
      Then the answer is 200
      And the responder tells that it is revoked

      Examples:
        | party | domain              |
        | CPO   | cpo                 |
        | eMSP  | emsp                |
        | OEM   | oem                 |
        | OEM   | veh of ISO 15118-20 |

    @PKI-REVOKE-17
    Scenario: A certificate that is revoked already
      Given the CPO has revoked that certificate
      When the CPO revokes that certificate
      And the status of that certificate is asked for
      Then the answer is 200 or 400
      And the responder tells that it is revoked

  Rule: There are seven reasons [revokeCertificateReq.v1.json#/properties/revocationReason/enum]

    @PKI-REVOKE-20
    Scenario Outline: Each of them
      When the CPO revokes that certificate for the reason <reason>
      And the status of that certificate is asked for
      Then the answer is 200
      And the responder tells that it is revoked for the reason <reason>

      Examples:
        | requirement   | reason               |
        | PKI-REVOKE-05 | privilegeWithdrawn   |
        | PKI-REVOKE-06 | affiliationChanged   |
        | PKI-REVOKE-07 | superseded           |
        | PKI-REVOKE-08 | unspecified          |
        | PKI-REVOKE-09 | keyCompromise        |
        | PKI-REVOKE-11 | cessationOfOperation |

    @PKI-REVOKE-10
    Scenario: The one that is not for certificates
      When the CPO revokes that certificate for the reason aACompromise
      Then the revocation is done, or refused as ERR-108 allows for this reason

    @PKI-REVOKE-12
    Scenario Outline: No other
      When the CPO revokes that certificate for the reason <reason>
      And the status of that certificate is asked for
      Then the request is refused for its content
      And the responder tells that it is good

      Examples:
        | reason          |
        | foo             |
        | certificateHold |

  Rule: What is not the party's own leaf certificate of this CA is not revoked [pki.api.v1.revokeCert.json#/post/description; ERR-109]

    @PKI-REVOKE-03
    Scenario: A certificate of another party
      When the other CPO revokes that certificate
      And the status of that certificate is asked for
      Then the request is refused, for it is about something of another
      And the responder tells that it is good

    Scenario Outline: Something else
      When the CPO tries to revoke <what>
      And the status of that certificate is asked for
      Then the request is refused
      And the responder tells that it is good

      Examples:
        | requirement   | what                        |
        | PKI-REVOKE-04 | a certificate of another CA |
        | PKI-REVOKE-13 | it without naming it        |
        | PKI-REVOKE-14 | it without a reason         |
        | PKI-REVOKE-15 | what is no base64           |
        | PKI-REVOKE-15 | random bytes                |
        | PKI-REVOKE-15 | what is PEM                 |

    @PKI-REVOKE-18 @needs.revocable-ca
    Scenario: The CA itself
      When the CPO tries to revoke the CA that issued it
      And the status of its CA is asked for
      Then the request is refused
      And the responder tells that it is good

  Rule: What was revoked leaves the pools [02_PnC_business-processes.md § Pool management]

    @PKI-REVOKE-19
    Scenario: A contract certificate
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the contract certificate and its CA, as they are delivered
      When the eMSP revokes the certificate of that contract
      And the vehicle asks for contracts at a charging station afterwards
      Then the answer is 200
      And no contract is delivered

    @PKI-REVOKE-19 @needs.clock
    Scenario: A provisioning certificate
      Given the OEM has enrolled another certificate of the domain oem
      And the other certificate is the provisioning certificate of a vehicle
      And the OEM has published that vehicle
      When the OEM revokes the other certificate
      And the cleansing interval has passed
      And the eMSP looks up that vehicle afterwards
      Then that vehicle is not known
