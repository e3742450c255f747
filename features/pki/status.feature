@mutates
Feature: PKI: certificate status by OCSP and CRL
  Whether the OCSP responder, and the CRL where there is one, tell everybody the status of the certificates
  of the PKI.

  Background:
    Given the CPO has enrolled a certificate of the domain cpo

  Rule: The OCSP responder tells anybody the status of the certificates of the PKI [05_v2g-pki-services.md § OCSP Service]

    @PKI-OCSP-01
    Scenario Outline: A valid certificate
      When the status of that certificate is asked for by <how>
      Then the responder tells that it is good

      Examples:
        | how  |
        | POST |
        | GET  |

    @PKI-OCSP-06
    Scenario: A valid certificate, its CA named by SHA-256
      When the status of that certificate is asked for by SHA-256
      Then the responder tells that it is good, or does not understand such a request

    @PKI-OCSP-02
    Scenario: Nobody needs credentials
      When the status of that certificate is asked for by POST
      Then the responder tells that it is good

    @PKI-OCSP-03
    Scenario: A revoked certificate
      Given the CPO has revoked that certificate
      When the status of that certificate is asked for by POST
      Then the responder tells that it is revoked for the reason superseded

    @PKI-OCSP-04
    Scenario: A serial number that was never given
      When the status of a serial number that was never issued is asked for by POST
      Then the responder tells that it is not good

    @PKI-OCSP-05
    Scenario: The CA that issues the leaves
      When the status of its CA is asked for
      Then the responder tells that it is good

  Rule: Where certificates name a CRL, anybody can read it [05_v2g-pki-services.md § V2G PKI Services]

    @PKI-CRL-01
    Scenario: It is signed and current
      When the CRL that lists that certificate is read
      Then the CRL does not list it

    @PKI-CRL-02
    Scenario Outline: It lists what was revoked, from the next one on
      When the CPO revokes that certificate for the reason <reason>
      And the CRL that lists that certificate is read once it is due
      Then the CRL lists it for the reason <reason>

      Examples:
        | reason        |
        | superseded    |
        | keyCompromise |
