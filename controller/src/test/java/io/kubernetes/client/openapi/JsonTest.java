package io.kubernetes.client.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1NamespaceList;
import io.kubernetes.client.openapi.models.V1NodeList;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Status;
import io.kubernetes.client.openapi.models.V1SubjectAccessReview;
import io.kubernetes.client.openapi.models.V1TokenReview;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares {@link JSON} with the class of the client that it hides. */
class JsonTest {
  private static final String MODELS = V1Pod.class.getPackageName() + ".";
  private static final String ADAPTER = "$CustomTypeAdapterFactory.class";

  /** Kinds that hold kinds in a map, which {@link JSON} does not check. */
  private static final Pattern NOT_CHECKED =
      Pattern.compile(
          "V1(|beta1|beta2)(CounterSet|(Basic)?Device|DeviceCounterConsumption|ResourceSlice.*)");

  private static final List<Class<?>> READ =
      List.of(
          V1PodList.class,
          V1NamespaceList.class,
          V1NodeList.class,
          V1Lease.class,
          V1Secret.class,
          V1ConfigMap.class,
          V1TokenReview.class,
          V1SubjectAccessReview.class,
          V1Status.class);

  private static final Class<?> HIDDEN = hidden();

  /** Takes that class, and those inside of it, from the client; everything else as it is here. */
  private static final class ClientFirst extends URLClassLoader {
    ClientFirst(URL client) {
      super(new URL[] {client}, JsonTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        boolean hidden =
            name.equals(JSON.class.getName()) || name.startsWith(JSON.class.getName() + "$");
        Class<?> known = hidden ? findLoadedClass(name) : super.loadClass(name, resolve);
        return known == null ? findClass(name) : known;
      }
    }
  }

  private static URL client() {
    return V1Pod.class.getProtectionDomain().getCodeSource().getLocation();
  }

  @SuppressWarnings("resource") // its classes load more as they are used
  private static Class<?> hidden() {
    try {
      return new ClientFirst(client()).loadClass(JSON.class.getName());
    } catch (ClassNotFoundException gone) {
      throw new AssertionError("the client has no such class any more", gone);
    }
  }

  private static Gson theirs() throws ReflectiveOperationException {
    return (Gson) HIDDEN.getMethod("getGson").invoke(null);
  }

  private static List<Class<?>> kinds() throws Exception {
    List<String> names;
    try (JarFile jar = new JarFile(Path.of(client().toURI()).toFile())) {
      names =
          jar.stream()
              .map(entry -> entry.getName().replace('/', '.'))
              .filter(name -> name.startsWith(MODELS) && name.endsWith(ADAPTER))
              .map(name -> name.substring(0, name.length() - ADAPTER.length()))
              .toList();
    }
    List<Class<?>> kinds = new ArrayList<>();
    for (String name : names) {
      kinds.add(Class.forName(name));
    }
    assertThat(kinds).isNotEmpty();
    return kinds;
  }

  private static Stream<String> publicMembers(Class<?> type) {
    Stream<Executable> members =
        Stream.concat(Stream.of(type.getConstructors()), Stream.of(type.getDeclaredMethods()));
    return members
        .filter(member -> Modifier.isPublic(member.getModifiers()))
        .map(Executable::toGenericString);
  }

  @Test
  void processes_haveThisClassAndNotTheClients() {
    assertThat(JSON.class.getProtectionDomain().getCodeSource().getLocation())
        .isNotEqualTo(client());
    assertThat(HIDDEN).isNotEqualTo(JSON.class);
  }

  @Test
  void publicMembers_areThoseOfTheClient() {
    assertThat(publicMembers(JSON.class))
        .containsExactlyInAnyOrderElementsOf(publicMembers(HIDDEN).toList());
  }

  @Test
  void write_everyKind_sameText() throws Exception {
    Gson theirs = theirs();
    for (Class<?> kind : kinds()) {
      Object sample = KindSample.of(kind);
      assertThat(JSON.serialize(sample)).as("%s", kind).isEqualTo(theirs.toJson(sample));
    }
  }

  /** What was read; empty when it was refused. */
  private static Optional<String> outcome(Gson gson, String text, Class<?> kind) {
    try {
      return Optional.of(gson.toJson(gson.fromJson(text, kind)));
    } catch (RuntimeException refused) {
      return Optional.empty();
    }
  }

  /** Hands out a text with each of its upper values in turn absent or of another type. */
  private static void damage(JsonElement whole, JsonElement part, int levels, Consumer<String> to) {
    if (part.isJsonArray() && !part.getAsJsonArray().isEmpty()) {
      damage(whole, part.getAsJsonArray().get(0), levels, to);
    } else if (part.isJsonObject() && levels > 0) {
      JsonObject object = part.getAsJsonObject();
      for (String key : List.copyOf(object.keySet())) {
        JsonElement value = object.remove(key);
        to.accept(whole.toString());
        for (JsonElement odd : List.of(new JsonPrimitive(7), new JsonArray(), new JsonObject())) {
          object.add(key, odd);
          to.accept(whole.toString());
        }
        object.add(key, value);
        damage(whole, value, levels - 1, to);
      }
    }
  }

  private static void compareReading(Class<?> kind, int levels) throws Exception {
    Gson theirs = theirs();
    Consumer<String> compare =
        text ->
            assertThat(outcome(JSON.getGson(), text, kind))
                .as("%s read of %s", kind, text)
                .isEqualTo(outcome(theirs, text, kind));
    String whole = JSON.serialize(KindSample.of(kind));
    compare.accept(whole);
    JsonElement tree = JsonParser.parseString(whole);
    damage(tree, tree, levels, compare);
  }

  @Test
  void read_everyKind_sameObjectOrRefused() throws Exception {
    for (Class<?> kind : kinds()) {
      if (!NOT_CHECKED.matcher(kind.getSimpleName()).matches()) {
        compareReading(kind, 1);
      }
    }
  }

  @Test
  void read_whatShuntReads_sameObjectOrRefusedForEveryFault() throws Exception {
    for (Class<?> kind : READ) {
      compareReading(kind, 3);
    }
  }
}
