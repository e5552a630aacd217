package io.kubeserve.metrics;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * The class loader of a web application: it has classes of its own of everything that is the
 * library's or a test's, and takes the others from the container.
 */
public final class WebApplicationLoader extends URLClassLoader {
  private static final String OWN = "io.kubeserve.";

  /** Makes one that loads from the class path of the test. */
  public WebApplicationLoader() throws MalformedURLException {
    super(classPath(), WebApplicationLoader.class.getClassLoader());
  }

  private static URL[] classPath() throws MalformedURLException {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    return urls;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : findClass(name);
    }
  }
}
