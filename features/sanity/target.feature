Feature: Interface: addresses of the services
  Whether every service answers. These are the first and the last scenario of a run: what lies between is
  worth little if they do not pass.

  Rule: Every service answers at the address that OPNC prescribes [00_versioning.md § URI structure]

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
