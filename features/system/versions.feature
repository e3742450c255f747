Feature: Interface: versions and paths
  Whether the services are under the published URIs and one major version, and nothing is under another.

  Rule: The version of the interface is part of every URI [00_versioning.md § URI structure]

    @SYS-VER-01
    Scenario Outline: The URI of an operation
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served
      And its URI has the form "https://{domain}/opnc/v1/{service}/{object}"

      Examples:
        # table: representatives
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | getCaCertsV1 for cpo    | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |

  Rule: All services of an ecosystem have the same major version [00_versioning.md § Interface version]

    @SYS-VER-02
    Scenario: One version for all
      When every service of the target is asked for something
      Then all of them are there, under the same version

  Rule: There is nothing under a version that does not exist [00_versioning.md § URI structure]

    @SYS-VER-03
    Scenario Outline: An unknown version
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request under the version "<version>"
      Then the answer is 404

      Examples:
        # table: unknown_versions
        | operation               | party | version |
        | getRootCertificatesV1   | oem   | v9      |
        | lookupVehicleV1         | oem   | v9      |
        | getCaCertsV1 for cpo    | cpo   | v9      |
        | getCpsCertificatesV1    | oem   | v9      |
        | getContractDataByPcidV1 | oem   | v9      |
        | get-webhook-endpoints   | oem   | v9      |

  Rule: Paths are spelled as published [01_abbreviations.md § Usage of abbreviations…]

    @SYS-JSON-03
    Scenario Outline: Another spelling of a path
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request at a path <changed>
      Then there is nothing, or what is there is noted

      Examples:
        # table: changed_paths
        | operation               | party | changed              |
        | getRootCertificatesV1   | oem   | that ends in a slash |
        | getRootCertificatesV1   | oem   | with a double slash  |
        | getRootCertificatesV1   | oem   | in capitals          |
        | lookupVehicleV1         | oem   | that ends in a slash |
        | lookupVehicleV1         | oem   | with a double slash  |
        | lookupVehicleV1         | oem   | in capitals          |
        | getCaCertsV1 for cpo    | cpo   | that ends in a slash |
        | getCaCertsV1 for cpo    | cpo   | with a double slash  |
        | getCaCertsV1 for cpo    | cpo   | in capitals          |
        | getCpsCertificatesV1    | oem   | that ends in a slash |
        | getCpsCertificatesV1    | oem   | with a double slash  |
        | getCpsCertificatesV1    | oem   | in capitals          |
        | getContractDataByPcidV1 | oem   | that ends in a slash |
        | getContractDataByPcidV1 | oem   | with a double slash  |
        | getContractDataByPcidV1 | oem   | in capitals          |
        | get-webhook-endpoints   | oem   | that ends in a slash |
        | get-webhook-endpoints   | oem   | with a double slash  |
        | get-webhook-endpoints   | oem   | in capitals          |
