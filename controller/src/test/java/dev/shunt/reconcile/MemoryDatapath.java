package dev.shunt.reconcile;

import dev.shunt.desired.Mode;
import dev.shunt.desired.TraitEffect;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A data path in memory that can refuse writes and shows its state after each. */
final class MemoryDatapath implements DatapathPort {
  final Map<Integer, EndpointRow> endpoints = new LinkedHashMap<>();
  final Map<Long, NamespaceRow> namespaces = new LinkedHashMap<>();
  final Map<SelectorKey, Integer> selectors = new LinkedHashMap<>();
  final Map<WorkloadKey, TraitEffect> traits = new LinkedHashMap<>();
  ConfigRow config = new ConfigRow(Mode.OFF, 0, 0, 0);

  final Map<String, Long> netnsCookies = new HashMap<>();
  final Map<String, Long> cgroupIds = new HashMap<>();
  final Map<String, ExecutableId> executables = new HashMap<>();

  /** Writes whose name begins so are refused; empty: none. */
  String refused = "";

  Consumer<MemoryDatapath> afterWrite = datapath -> {};

  private void write(String name, Runnable change) {
    if (!refused.isEmpty() && name.startsWith(refused)) {
      throw new IllegalStateException("update map " + name + " failed: no space (ENOSPC/28)");
    }
    change.run();
    afterWrite.accept(this);
  }

  @Override
  public Map<Integer, EndpointRow> endpoints() {
    return Map.copyOf(endpoints);
  }

  @Override
  public void writeEndpoint(int id, EndpointRow row) {
    write("endpoint", () -> endpoints.put(id, row));
  }

  @Override
  public void clearEndpoint(int id) {
    write("clear", () -> endpoints.remove(id));
  }

  @Override
  public Map<Long, NamespaceRow> namespaces() {
    return Map.copyOf(namespaces);
  }

  @Override
  public void writeNamespace(long netnsCookie, NamespaceRow row) {
    write("namespace", () -> namespaces.put(netnsCookie, row));
  }

  @Override
  public void removeNamespace(long netnsCookie) {
    write("remove", () -> namespaces.remove(netnsCookie));
  }

  @Override
  public Map<SelectorKey, Integer> selectors() {
    return Map.copyOf(selectors);
  }

  @Override
  public void writeSelector(SelectorKey key, int endpointId) {
    write("selector", () -> selectors.put(key, endpointId));
  }

  @Override
  public void removeSelector(SelectorKey key) {
    write("remove", () -> selectors.remove(key));
  }

  @Override
  public Map<WorkloadKey, TraitEffect> traits() {
    return Map.copyOf(traits);
  }

  @Override
  public void writeTrait(WorkloadKey key, TraitEffect effect) {
    write("trait", () -> traits.put(key, effect));
  }

  @Override
  public void removeTrait(WorkloadKey key) {
    write("remove", () -> traits.remove(key));
  }

  @Override
  public ConfigRow config() {
    if (refused.equals("read")) {
      throw new IllegalStateException("look up map config failed: bad fd (EBADF/9)");
    }
    return config;
  }

  @Override
  public void writeConfig(ConfigRow row) {
    write("config", () -> config = row);
  }

  @Override
  public OptionalLong netnsCookie(String namespace) {
    Long cookie = netnsCookies.get(namespace);
    return cookie == null ? OptionalLong.empty() : OptionalLong.of(cookie);
  }

  @Override
  public OptionalLong cgroupId(String cgroupPath) {
    Long id = cgroupIds.get(cgroupPath);
    return id == null ? OptionalLong.empty() : OptionalLong.of(id);
  }

  @Override
  public Optional<ExecutableId> executable(String path) {
    return Optional.ofNullable(executables.get(path));
  }
}
