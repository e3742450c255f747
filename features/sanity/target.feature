Feature: The target is there
  The first and the last scenario of a run: what lies between is worth little if these do not pass.

  Rule: Every service answers at the address that OPNC prescribes

    @SYS-VER-01
    Scenario Outline: Every service answers <when>
      When every service of the target is asked for something harmless
      Then every service has answered at its address

      @first
      Examples:
        | when         |
        | at the start |

      @last
      Examples:
        | when       |
        | at the end |
