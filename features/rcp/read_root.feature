Feature: RCP: read a root certificate (getRootCertificateV1)
  Whether a root certificate can be read by the id that the pool has given it, and how an id that is none or
  unknown is answered.

  Rule: A root is read by the id under which the pool lists it [rcp.api.v1.rootCertificateById.json#/get/responses/200]

    @RCP-GET-01
    Scenario: The root read is that of the list
      Given the list of all root certificates
      When a party reads the first root of the list
      Then the answer is 200
      And the root read is the first root of the list

    @RCP-GET-02
    Scenario: The root comes in the property the contract names
      Given the list of all root certificates
      When a party reads the first root of the list
      Then the answer is 200
      And the root read is wrapped as the contract says

  Rule: What the pool does not hold cannot be read [rcp.api.v1.rootCertificateById.json#/get/responses]

    @RCP-GET-03
    Scenario: An id that nobody was given
      When a party reads the root with an id nobody was given
      Then the answer is 404 with an error body

    @RCP-GET-04
    Scenario Outline: An id that is no UUID
      When a party reads the root with the id "<id>"
      Then the answer is 400 or 404

      Examples:
        | id                                      |
        | not-a-uuid                              |
        | 896b6655-180e-4304-b642-606bb00df8f     |
        | 896b6655-180e-4304-b642-606bb00df8g0    |
        | 896b6655-180e-4304-b642-606bb00df8f0000 |

  Rule: The pool gives each root an id of its own, once and for all [rootCertificate.v1.json#/properties/rootCertificateId]

    @RCP-GET-05
    Scenario: Ids are UUIDs, unique and stable
      Given the list of all root certificates
      When a party lists the root certificates afterwards
      Then every root has an id of its own, the same as before

    @RCP-GET-05 @needs.admin @mutates
    Scenario: The id of a root that has left is given to no other
      Given the administrator has registered a root of type "v2g"
      And the list of all root certificates
      And the administrator has deleted that root
      When the administrator registers another root of type "v2g"
      And a party lists the root certificates afterwards
      Then every root has an id of its own, the same as before
