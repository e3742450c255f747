Feature: CPS: list the CPS certificates (getCpsCertificatesV1)
  Whether the chains that contract data are signed with are shown to every party, are whole and usable, and
  are replaced in time.

  Rule: Every party can see what the CPS signs with [cps.api.v1.cpsCertificates.json#/get/responses/200]

    @CPS-CERTS-01
    Scenario: The list
      When the eMSP with own PKI lists the certificates that the CPS signs with
      Then the answer lists at least one certificate to sign with

    Scenario Outline: What each entry says
      When the eMSP with own PKI lists the certificates that the CPS signs with
      Then every entry <property>

      Examples:
        | requirement  | property                                         |
        | CPS-CERTS-02 | has all of its members                           |
        | CPS-CERTS-03 | says nothing untrue about its certificate        |
        | CPS-CERTS-04 | leads to the V2G root of the pool that it names  |
        | CPS-CERTS-05 | is valid now                                     |
        | CPS-CERTS-07 | names the edition of ISO 15118 that its key fits |

    @CPS-CERTS-10 @CPS-CERTS-11
    Scenario: They are certificates of ISO 15118
      When the eMSP with own PKI lists the certificates that the CPS signs with
      Then the answer lists at least one certificate to sign with

  Rule: What is offered can be used [cpsV2GRootCertificateFingerprintParam.v1.json#/description]

    @CPS-CERTS-06 @mutates
    Scenario Outline: Every root on offer
      Given a <vehicle> whose provisioning certificate is published
      And the certificates that the CPS signs with
      When the <party> has a contract made for that vehicle below each V2G root on offer
      Then each of them is taken

      Examples:
        | vehicle                     | party             |
        | vehicle                     | eMSP with own PKI |
        | vehicle                     | eMSP              |
        | vehicle with secp521r1 keys | eMSP with own PKI |
        | vehicle with secp521r1 keys | eMSP              |

  Rule: Who is refused learns why [cps.api.v1.cpsCertificates.json#/get/responses]

    @CPS-CERTS-08
    Scenario: Without credentials
      When somebody without credentials lists the certificates that the CPS signs with
      Then the answer is 401 with an error body

    @CPS-CERTS-08 @needs.admin
    Scenario: An account without the right
      When the administrator lists the certificates that the CPS signs with
      Then the request is refused, for the party has no right to it
      And it has messages and a trace id

  Rule: A certificate is replaced before it ends [05_v2g-pki-services.md § CPS provisioning…]

    @CPS-CERTS-09 @needs.clock @mutates
    Scenario: After the certificates of today have expired
      Given a vehicle whose provisioning certificate is published
      And the certificates that the CPS signs with
      When all of these certificates have expired
      And the eMSP orders a contract for that vehicle
      And the vehicle asks for contracts at a charging station afterwards
      And the eMSP with own PKI lists the certificates that the CPS signs with
      Then every entry is valid now
      And the vehicle can install that contract
