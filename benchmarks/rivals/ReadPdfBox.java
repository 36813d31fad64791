import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDChoice;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDTerminalField;

/** Prints of each file named in a list its number, or each field's full name and value in Base64, or "refused". */
class ReadPdfBox {
  public static void main(String[] words) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    int number = 0;
    for (String path : Files.readAllLines(Path.of(words[0]))) {
      try (PDDocument document = Loader.loadPDF(new File(path))) {
        PDAcroForm form = document.getDocumentCatalog().getAcroForm();
        if (form != null) {
          for (PDField field : form.getFieldTree()) {
            if (field instanceof PDTerminalField) {
              out.println(number + "\t" + encoded(field.getFullyQualifiedName()) + "\t" + encoded(value(field)));
            }
          }
        }
      } catch (Exception error) {
        out.println(number + "\trefused");
      }
      number++;
    }
    out.flush();
  }

  private static String value(PDField field) {
    return field instanceof PDChoice choice ? String.join("\n", choice.getValue()) : field.getValueAsString();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
  }
}
