package dev.shunt.reconcile;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.TraitEffect;

/** One change of the data path: a row to write or to remove. Immutable. */
public sealed interface PlanStep {
  /** Makes the change; called by the reconcile thread, throws what the port throws. */
  void applyTo(DatapathPort port);

  /** For messages: what changes, and to what. */
  String text();

  /**
   * Writes the policy row of an endpoint.
   *
   * @param id of the endpoint
   * @param name for people
   * @param row to hold
   */
  record WriteEndpoint(int id, String name, EndpointRow row) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.writeEndpoint(id, row);
    }

    @Override
    public String text() {
      return "write endpoint " + id + " (" + name + "): " + row.text();
    }
  }

  /**
   * Zeroes the policy row of an endpoint that no policy has any more.
   *
   * @param id of the endpoint
   */
  record ClearEndpoint(int id) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.clearEndpoint(id);
    }

    @Override
    public String text() {
      return "clear endpoint " + id;
    }
  }

  /**
   * Leads a workload to an endpoint.
   *
   * @param selector as the policy says it
   * @param key as the data path knows it
   * @param endpointId of the endpoint
   */
  record WriteSelector(HostSelector selector, SelectorKey key, int endpointId) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.writeSelector(key, endpointId);
    }

    @Override
    public String text() {
      return "write selector " + selector + ": endpoint " + endpointId;
    }
  }

  /**
   * Removes a selector that is not wanted, or whose cgroup or file is another one now.
   *
   * @param key as the data path knows it
   */
  record RemoveSelector(SelectorKey key) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.removeSelector(key);
    }

    @Override
    public String text() {
      return "remove selector " + key;
    }
  }

  /**
   * Leads a network namespace to an endpoint.
   *
   * @param name of the namespace
   * @param netnsCookie of the namespace
   * @param row to hold
   */
  record WriteNamespace(String name, long netnsCookie, NamespaceRow row) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.writeNamespace(netnsCookie, row);
    }

    @Override
    public String text() {
      return "write network namespace " + name + ": " + row.text();
    }
  }

  /**
   * Removes the row of a network namespace that is not served or does not exist.
   *
   * @param netnsCookie of the namespace
   */
  record RemoveNamespace(long netnsCookie) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.removeNamespace(netnsCookie);
    }

    @Override
    public String text() {
      return "remove network namespace with cookie " + netnsCookie;
    }
  }

  /**
   * Exempts or forces an executable.
   *
   * @param executable absolute path
   * @param key as the data path knows it
   * @param effect of the rule
   */
  record WriteTrait(String executable, WorkloadKey key, TraitEffect effect) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.writeTrait(key, effect);
    }

    @Override
    public String text() {
      return "write trait of " + executable + " (" + key + "): " + effect;
    }
  }

  /**
   * Takes back what was configured for a workload.
   *
   * @param key as the data path knows it
   */
  record RemoveTrait(WorkloadKey key) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.removeTrait(key);
    }

    @Override
    public String text() {
      return "remove trait of " + key;
    }
  }

  /**
   * Writes the node's settings.
   *
   * @param row to hold
   */
  record WriteConfig(ConfigRow row) implements PlanStep {
    @Override
    public void applyTo(DatapathPort port) {
      port.writeConfig(row);
    }

    @Override
    public String text() {
      return "write settings: " + row.text();
    }
  }
}
