Feature: Who may write to the root certificate pool

  Rule: Only staff and systems of the pool's operator write, and they authenticate

    @RCP-ORG-01
    Scenario Outline: Nobody else registers a root
      Given the list of all root certificates
      When the <party> registers a root of types "v2g"
      And a party lists the root certificates afterwards
      Then the answer is 403
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
      Then the answer is 403
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
      Then the answer is 401
      And the list of roots is unchanged
