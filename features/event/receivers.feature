@needs.webhook
Feature: Webhook receiver: events taken and refused (post-users-userId, post-root-users-userId)
  Whether the receiver of a party accepts valid events, known or not, and refuses what is not signed, not
  readable or no event.

  Rule: A receiver takes every valid event [06_webhook-service.md § API, § Validating payloads]

    @HOOK-RCV-01
    Scenario Outline: A valid event
      When the event service sends a valid "<event>"
      Then the event is taken

      Examples: about roots
        | event             |
        | root.cert.added   |
        | root.cert.expired |
        | root.cert.revoked |

      Examples: for an OEM
        | event                |
        | oem.contract.created |
        | oem.contract.updated |
        | oem.contract.deleted |

      Examples: for an eMSP
        | event                              |
        | mo.prov.cert.updated               |
        | mo.prov.cert.deleted               |
        | mo.prov.cert.updated.factory.reset |
        | mo.contract.created.sent.to.oem    |
        | mo.contract.updated.sent.to.oem    |
        | mo.contract.deleted.sent.to.oem    |
        | mo.contract.delivered.to.oem       |
        | mo.contract.rejected.by.oem        |
        | mo.contract.queued.to.oem          |

    @HOOK-RCV-05
    Scenario: The signature with and without its prefix
      When the event service sends a valid "root.cert.added"
      And the event service sends a "root.cert.added" whose signature lacks the prefix
      Then both forms of the signature are taken

    @HOOK-RCV-06
    Scenario Outline: However the JSON is written
      When the event service sends a "root.cert.added" <written>
      Then the event is taken

      Examples:
        | written                        |
        | with indented JSON             |
        | with blanks between its tokens |

    @HOOK-RCV-06
    Scenario: With a line break at the end
      When the event service sends a "root.cert.added" with a line break at the end
      Then the event is taken, or noted as refused for its line break

    @HOOK-RCV-08
    Scenario: An event that comes twice
      When the event service sends a valid "root.cert.added"
      And the event service sends that event again
      Then the repetition does no harm

    @HOOK-RCV-09
    Scenario Outline: What a later version may bring
      When the event service sends a "root.cert.added" <novelty>
      Then the event is taken

      Examples:
        | novelty               |
        | with unknown members  |
        | with an unknown type  |

  Rule: A receiver refuses what is no valid event [06_webhook-service.md § Validating payloads, § Error handling]

    @HOOK-RCV-02
    Scenario Outline: A malformed event
      When the event service sends a "root.cert.added" <flaw>
      Then the event is refused as malformed

      Examples:
        | flaw                |
        | that is no JSON     |
        | cut off             |
        | without eventId     |
        | without eventType   |
        | without payload     |

    @HOOK-RCV-02
    Scenario: An event that is said to be no JSON
      When the event service sends a "root.cert.added" as plain text
      Then the event is refused for its media type, or noted as taken

    @HOOK-RCV-03
    Scenario Outline: A signature that does not verify
      When the event service sends a "root.cert.added" <flaw>
      Then the event is refused for its signature

      Examples:
        | flaw                                      |
        | signed with another secret                |
        | altered after it was signed               |
        | with the signature of another event       |
        | whose signature is no signature           |

      Examples: which a comparison in part takes
        | flaw                                                |
        | whose signature has the right beginning alone       |
        | whose signature has the right end alone             |
        | whose signature has the right length alone          |
        | whose signature is wrong in its last digit          |
        | whose signature is cut short                        |
        | whose signature is empty                            |
        | whose signature goes on behind its end              |

      Examples: which another key or text takes
        | flaw                                                |
        | with a digest in the place of its signature         |
        | signed with no secret                               |
        | signed with the secret in another letter case       |
        | signed with the secret of another endpoint          |
        | altered in its blanks after it was signed           |
        | altered in the case of a letter after it was signed |

    @HOOK-RCV-04
    Scenario: No signature
      When the event service sends a "root.cert.added" without a signature
      Then the event is refused for its signature

    @HOOK-RCV-10
    Scenario: A contract event about an unknown vehicle
      When the event service sends a "oem.contract.created" about an unknown vehicle
      Then the event is taken, or refused with 400 or 409
