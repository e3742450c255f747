Feature: RCP: list root certificates (getRootCertificatesV1)
  Whether every party gets all valid root certificates, or those of the type it asks for, and no others.

  Rule: The pool offers all its valid roots [01_root-certificate-pool.md § 2. Request Root Certificates]

    @RCP-LIST-01
    Scenario: Every root the target declares is in the list
      When a party lists the root certificates
      Then the answer is 200
      And the list holds every root the target declares

    @RCP-LIST-01 @needs.admin @mutates @slow
    Scenario: Every root is in the list, be they more than a hundred
      Given the administrator has registered 101 further roots of type V2G
      When a party lists the root certificates
      And a party lists the root certificates of type "v2g"
      Then each list holds each of the further roots

    @RCP-LIST-10
    Scenario: Polling gives the same list while nothing changes
      Given the list of all root certificates
      When a party lists the root certificates 9 times more
      Then every list is the same as the first

  Rule: The filter gives the roots of one type, all of them and nothing else [pkiTypeParam.v1.json#/enum; ERR-013]

    Scenario Outline: Roots of one type
      Given the list of all root certificates
      When a party lists the root certificates of type "<type>"
      Then the list holds exactly the roots of type "<type>"

      Examples:
        | requirement | type |
        | RCP-LIST-02 | emsp |
        | RCP-LIST-03 | v2g  |
        | RCP-LIST-04 | oem  |

    @RCP-LIST-05 @needs.admin @mutates
    Scenario: Roots of type PE
      Given the administrator has registered a root of type "pe"
      And the list of all root certificates
      When a party lists the root certificates of type "pe"
      Then the list holds exactly the roots of type "pe"

    @needs.admin @mutates
    Scenario Outline: Roots of one type, after one was registered
      Given the administrator has registered a root of type "<type>"
      And the list of all root certificates
      When a party lists the root certificates of type "<type>"
      Then the list holds exactly the roots of type "<type>"

      Examples:
        | requirement | type |
        | RCP-LIST-02 | emsp |
        | RCP-LIST-03 | v2g  |
        | RCP-LIST-04 | oem  |

    @RCP-LIST-06 @needs.admin @mutates
    Scenario Outline: A root of two types is found under either
      Given the administrator has registered a root of types "v2g, pe"
      When a party lists the root certificates of type "<type>"
      Then the list holds that root

      Examples:
        | type |
        | v2g  |
        | pe   |

  Rule: A filter that nothing can match is answered as such [rcp.api.v1.rootcertificates.json#/get/responses]

    @RCP-LIST-07
    Scenario: A type that does not exist
      When a party lists the root certificates of type "foo"
      Then the answer is 400 with an error body

    @RCP-LIST-07
    Scenario Outline: A type as objects and events spell it
      When a party lists the root certificates of type "<type>"
      Then the type is refused, or understood as ERR-013 allows

      Examples:
        | type |
        | mo   |
        | V2G  |

    @RCP-LIST-08
    Scenario: A type that no root has
      Given a root type that no root of the list has
      When a party lists the root certificates of that type
      Then the list is empty

  Rule: Only valid roots are offered [01_root-certificate-pool.md § Root Certificate Pool]

    @RCP-LIST-09 @needs.admin @needs.clock @mutates
    Scenario: A root that has expired is no longer offered
      Given the administrator has registered a root that expires in 3 days
      When 3 days and the cleansing interval have passed
      And a party lists the root certificates
      Then the list does not hold that root

    # With a clock, for as long as a root is not listed nobody knows by which id to delete it.
    @RCP-LIST-11 @needs.admin @needs.clock @mutates
    Scenario: A root that is not valid yet is not offered
      When the administrator registers a root that is not valid yet
      And a party lists the root certificates afterwards
      And 8 days have passed
      And a party lists the root certificates
      Then the request is refused, or the pool does not list that root
