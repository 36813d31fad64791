import java.io.File;
import java.io.FileOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.multipdf.PDFMergerUtility;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;

/** Does one thing to PDFs by Apache PDFBox: what, the file to write, and one or two to read. */
class HandlePdfBox {
  public static void main(String[] words) throws Exception {
    File out = new File(words[1]), first = new File(words[2]);
    switch (words[0]) {
      case "merge" -> merge(out, first, new File(words[3]), PDFMergerUtility.AcroFormMergeMode.PDFBOX_LEGACY_MODE);
      case "join" -> merge(out, first, new File(words[3]), PDFMergerUtility.AcroFormMergeMode.JOIN_FORM_FIELDS_MODE);
      case "save" -> {
        try (PDDocument document = Loader.loadPDF(first)) {
          document.save(out);
        }
      }
      case "update" -> {
        try (PDDocument document = Loader.loadPDF(first); FileOutputStream to = new FileOutputStream(out)) {
          document.getDocumentInformation().setTitle("Seen");
          document.getDocumentInformation().getCOSObject().setNeedToBeUpdated(true);
          document.saveIncremental(to);
        }
      }
      case "protect" -> {
        try (PDDocument document = Loader.loadPDF(first)) {
          StandardProtectionPolicy policy = new StandardProtectionPolicy("secret", "", AccessPermission.getOwnerAccessPermission());
          policy.setEncryptionKeyLength(256);
          document.protect(policy);
          document.save(out);
        }
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void merge(File out, File first, File second, PDFMergerUtility.AcroFormMergeMode mode) throws Exception {
    PDFMergerUtility merger = new PDFMergerUtility();
    merger.setAcroFormMergeMode(mode);
    merger.addSource(first);
    merger.addSource(second);
    merger.setDestinationFileName(out.getPath());
    merger.mergeDocuments(IOUtils.createMemoryOnlyStreamCache());
  }
}
