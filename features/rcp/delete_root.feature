@needs.admin @mutates
Feature: RCP: delete a root certificate (deleteRootCertificateV1)
  Whether the administrator can delete a root certificate, and how an id that is none or unknown is
  answered.

  Rule: The administrator removes a root by its id [rcp.api.v1.rootCertificateById.json#/delete]

    @RCP-DEL-01
    Scenario: A removed root is gone
      Given the administrator has registered a root of type "v2g"
      When the administrator deletes that root
      And a party reads that root afterwards
      And a party lists the root certificates afterwards
      Then the answer is 200
      And that root can no longer be read
      And the pool does not list that root

    @RCP-DEL-01
    Scenario: A removed root is gone for those who have read it before
      Given the administrator has registered a root of type "v2g"
      When a party reads that root
      And the administrator deletes that root
      And a party reads that root afterwards
      Then that root can no longer be read

    @RCP-DEL-01
    Scenario Outline: A removed root has left every list that was read before
      Given the administrator has registered a root of type "v2g"
      When a party lists <roots>
      And the administrator deletes that root
      And a party lists <roots> afterwards
      Then the pool does not list that root

      Examples:
        | roots                               |
        | the root certificates               |
        | the root certificates of type "v2g" |

  Rule: What is not there cannot be removed [rcp.api.v1.rootCertificateById.json#/delete/responses]

    @RCP-DEL-02
    Scenario: An id that nobody was given
      When the administrator deletes the root with an id nobody was given
      Then the answer is 404

    @RCP-DEL-03
    Scenario Outline: An id that is no UUID
      When the administrator deletes the root with the id "<id>"
      Then the answer is 400 or 404

      Examples:
        | id                                   |
        | not-a-uuid                           |
        | 896b6655-180e-4304-b642-606bb00df8g0 |
