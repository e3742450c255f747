Feature: RCP: restricted access to writing (putRootCertificateV1)
  Whether others than the administrator of the pool can write to it.

  Rule: Only staff and systems of the pool's operator write, and they authenticate [03_publications-and-repository-responsibilities.md § Restriction…]

    @RCP-ORG-01
    Scenario Outline: Nobody else registers a root
      Given the list of all root certificates
      When the <party> registers a root of types "v2g"
      And a party lists the root certificates afterwards
      Then the answer is 403, or another refusal of what is the administrator's (ERR-014)
      And the list of roots is unchanged

      Examples:
        | party             |
        | oem               |
        | cpo               |
        | emsp              |
        | emsp with own pki |
        | cps               |

    @RCP-ORG-01 @needs.admin @mutates
    Scenario Outline: Nobody else deletes a root
      Given the administrator has registered a root of type "v2g"
      And the list of all root certificates
      When the <party> deletes that root
      And a party lists the root certificates afterwards
      Then the answer is 403, or another refusal of what is the administrator's (ERR-014)
      And the list of roots is unchanged

      Examples:
        | party             |
        | oem               |
        | cpo               |
        | emsp              |
        | emsp with own pki |
        | cps               |

    @RCP-ORG-01
    Scenario: Without credentials nothing is written
      Given the list of all root certificates
      When somebody without credentials registers a root
      And a party lists the root certificates afterwards
      Then the answer is 401, or another refusal of what is the administrator's (ERR-014)
      And the list of roots is unchanged
